package farm.darkroom.sdxl.lora;

import farm.darkroom.sdxl.SdxlException;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/** Finds everything in a LoRA file that does not fit a model. */
record LoraFaults(LoraFile file, Targets targets) {
  private static final int NAMED = 4;

  /**
   * Throws if there is any fault.
   *
   * @throws SdxlException naming the first faults, and how many more there are
   */
  void refuse() {
    List<String> faults = new ArrayList<>();
    file.unknown().forEach(name -> faults.add(name + " is no name of a LoRA weight"));
    file.layers().forEach(layer -> complaint(layer).ifPresent(faults::add));
    file.layers().forEach(layer -> commonComplaint(layer).ifPresent(faults::add));
    if (!faults.isEmpty()) {
      String named = String.join("; ", faults.subList(0, Math.min(NAMED, faults.size())));
      String more = faults.size() > NAMED ? "; and " + (faults.size() - NAMED) + " more" : "";
      throw new SdxlException(
          "LoRA %s does not fit this model: %s%s".formatted(file.path(), named, more));
    }
  }

  private Optional<String> complaint(Layer layer) {
    return targets
        .find(layer.name())
        .map(target -> LayerCheck.complaint(layer, target.weight()).or(() -> alphaComplaint(layer)))
        .orElseGet(
            () ->
                Optional.of(
                    layer.parts().values().iterator().next().name()
                        + " is for a layer that is not there"));
  }

  private Optional<String> alphaComplaint(Layer layer) {
    return file.alpha(layer).stream()
        .filter(alpha -> !Double.isFinite(alpha))
        .mapToObj(
            alpha ->
                "%s is %s, expected a number"
                    .formatted(layer.parts().get(Part.ALPHA).name(), alpha))
        .findFirst();
  }

  /** PEFT makes all layers of a component DoRA, or biased, as soon as one is. */
  private Optional<String> commonComplaint(Layer layer) {
    boolean dora = isCommon(Part.MAGNITUDE, layer);
    boolean biased = isCommon(Part.BIAS, layer);
    String path = layer.name().path();
    if (dora && !layer.name().component().equals(LayerName.UNET)) {
      return Optional.of(
          "%s has a lora_magnitude_vector in %s; DoRA is read for the unet alone"
              .formatted(path, layer.name().component()));
    }
    if (dora && biased) {
      return Optional.of(path + ": lora_B.bias and lora_magnitude_vector exclude each other");
    }
    if (dora && layer.find(Part.MAGNITUDE).isEmpty()) {
      return Optional.of(path + " has no lora_magnitude_vector, which others have");
    }
    return biased && layer.find(Part.BIAS).isEmpty()
        ? Optional.of(path + " has no lora_B.bias, which others have")
        : Optional.empty();
  }

  /** Whether any layer of the component has the part. */
  private boolean isCommon(Part part, Layer layer) {
    return file.layers().stream()
        .filter(other -> other.name().component().equals(layer.name().component()))
        .anyMatch(other -> other.find(part).isPresent());
  }
}

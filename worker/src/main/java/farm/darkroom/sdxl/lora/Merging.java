package farm.darkroom.sdxl.lora;

import farm.darkroom.sdxl.SdxlException;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.regex.Pattern;

/** One file held against a model. */
final class Merging {
  private static final int NAMED = 4;
  private static final Pattern QUERIES_KEYS_VALUES = Pattern.compile(".*_self_attn_[qkv]_proj");
  private static final String ADD_EMBEDDING = "lora_unet_add_embedding_";
  private final LoraFile file;
  private final Targets targets;
  private final double weight;
  private final Map<String, Scales> scales = new HashMap<>();
  private int overruled;
  private int queriesLeftOut;
  private int embeddingsLeftOut;

  Merging(LoraFile file, Targets targets, double weight) {
    this.file = file;
    this.targets = targets;
    this.weight = weight;
  }

  /**
   * What the file adds, by the weight that it is added to.
   *
   * @throws SdxlException listing what does not fit
   */
  Map<TargetWeight, Delta> deltas() {
    refuseFaults();
    Map<TargetWeight, Delta> deltas = new LinkedHashMap<>();
    for (Layer layer : file.layers()) {
      if (isQueryLeftOut(layer)) {
        queriesLeftOut++;
        continue;
      }
      if (isEmbeddingLeftOut(layer)) {
        embeddingsLeftOut++;
        continue;
      }
      TargetWeight target = targets.find(layer.name()).orElseThrow();
      Scales own = scales.computeIfAbsent(layer.name().component(), this::scales);
      double scale = own.of(layer, target.path()) * weight;
      deltas.put(
          target,
          new Delta(
              file,
              layer.down(),
              layer.up(),
              layer.find(Part.MAGNITUDE),
              layer.find(Part.BIAS),
              scale));
      overruled += own instanceof AlphaScales alphas && alphas.isOverruled(layer) ? 1 : 0;
    }
    return deltas;
  }

  /**
   * diffusers tells kohya's names in a text encoder by an {@code out_proj}; where there is none,
   * and a layer of the {@code mlp} is, it reads that alone.
   */
  private boolean isQueryLeftOut(Layer layer) {
    return layer.kohya()
        && QUERIES_KEYS_VALUES.matcher(layer.name().path()).matches()
        && !hasLike(layer, "_out_proj")
        && hasLike(layer, "_mlp_");
  }

  /** Of the UNet's add_embedding, diffusers reads the original names ({@code label_emb}) alone. */
  private static boolean isEmbeddingLeftOut(Layer layer) {
    return layer.kohya() && layer.down().name().startsWith(ADD_EMBEDDING);
  }

  private boolean hasLike(Layer layer, String part) {
    return file.layers().stream()
        .map(Layer::name)
        .anyMatch(
            other ->
                other.component().equals(layer.name().component()) && other.path().contains(part));
  }

  private Scales scales(String component) {
    List<Layer> layers =
        file.layers().stream().filter(layer -> layer.name().component().equals(component)).toList();
    return PeftScales.of(file, component)
        .or(() -> AlphaScales.of(file, layers).map(Scales.class::cast))
        .orElse(Scales.ONE);
  }

  /** What is odd about the file, of which {@link #deltas} was asked for. */
  List<String> warnings() {
    List<String> warnings = new ArrayList<>();
    if (overruled > 0) {
      warnings.add(
          ("LoRA %s: the alphas of %d attention layers differ from most others; as in diffusers,"
                  + " theirs is the alpha of most")
              .formatted(file.path().getFileName(), overruled));
    }
    if (queriesLeftOut > 0) {
      warnings.add(
          ("LoRA %s: %d layers of queries, keys or values of a text encoder have no out_proj beside"
                  + " them; as in diffusers, they are left out")
              .formatted(file.path().getFileName(), queriesLeftOut));
    }
    if (embeddingsLeftOut > 0) {
      warnings.add(
          ("LoRA %s: %d layers of add_embedding in kohya's names, which calls it label_emb; as in"
                  + " diffusers, they are left out")
              .formatted(file.path().getFileName(), embeddingsLeftOut));
    }
    if (file.isPlainOfDora()) {
      warnings.add(
          "LoRA %s: DoRA in kohya's names; as in diffusers, its dora_scale is left out"
              .formatted(file.path().getFileName()));
    }
    return warnings;
  }

  private void refuseFaults() {
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

  private Optional<String> complaint(Layer layer) {
    return targets
        .find(layer.name())
        .map(target -> Fit.complaint(layer, target.weight()))
        .orElseGet(
            () ->
                Optional.of(
                    layer.parts().values().iterator().next().name()
                        + " is for a layer that is not there"));
  }
}

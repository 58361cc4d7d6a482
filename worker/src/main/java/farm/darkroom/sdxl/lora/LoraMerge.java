package farm.darkroom.sdxl.lora;

import farm.darkroom.sdxl.weights.StoredTensor;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/**
 * What merging one LoRA file changes in a model.
 *
 * @param deltas by the weight that each is added to
 * @param warnings what is odd about the file, a line each
 */
record LoraMerge(Map<TargetWeight, Delta> deltas, List<String> warnings) {

  /**
   * Checks the file against the model, and computes what it changes.
   *
   * @param weight of the network
   * @throws farm.darkroom.sdxl.SdxlException listing what does not fit
   */
  static LoraMerge of(LoraFile file, Targets targets, double weight) {
    new LoraFaults(file, targets).refuse();
    IgnoredLayers ignored = new IgnoredLayers(file);
    Map<String, Scales> scales = new HashMap<>();
    Map<TargetWeight, Delta> deltas = new LinkedHashMap<>();
    int overruled = 0;
    boolean passedOver = false;
    for (Layer layer : file.layers()) {
      if (!ignored.has(layer)) {
        TargetWeight target = targets.find(layer.name()).orElseThrow();
        Scales own =
            scales.computeIfAbsent(
                layer.name().component(), component -> scales(file, ignored, component));
        deltas.put(target, delta(file, layer, own, own.of(layer, target.path()) * weight));
        passedOver |= !layer.parts().keySet().stream().allMatch(own::reads);
        overruled += own instanceof AlphaScales alphas && alphas.isOverruled(layer) ? 1 : 0;
      }
    }
    List<String> warnings = new ArrayList<>();
    if (overruled > 0) {
      warnings.add(
          ("LoRA %s: alphas of attention layers differ from most others (%d); as in diffusers,"
                  + " theirs is the alpha of most")
              .formatted(file.path().getFileName(), overruled));
    }
    if (passedOver) {
      warnings.add(
          ("LoRA %s: its lora_adapter_metadata has no use_dora or lora_bias, so that the tensors for it"
                  + " count for nothing, as in diffusers")
              .formatted(file.path().getFileName()));
    }
    warnings.addAll(ignored.warnings());
    return new LoraMerge(deltas, warnings);
  }

  private static Delta delta(LoraFile file, Layer layer, Scales scales, double scale) {
    Optional<StoredTensor> lengths =
        layer.find(Part.MAGNITUDE).filter(x -> scales.reads(Part.MAGNITUDE));
    Optional<StoredTensor> bias = layer.find(Part.BIAS).filter(x -> scales.reads(Part.BIAS));
    return new Delta(file, layer.down(), layer.up(), lengths, bias, scale);
  }

  private static Scales scales(LoraFile file, IgnoredLayers ignored, String component) {
    List<Layer> layers =
        file.layers().stream()
            .filter(layer -> layer.name().component().equals(component))
            .filter(layer -> !ignored.isMixedIn(layer))
            .toList();
    return PeftScales.of(file, component)
        .or(() -> AlphaScales.of(file, layers).map(Scales.class::cast))
        .orElse(Scales.ONE);
  }
}

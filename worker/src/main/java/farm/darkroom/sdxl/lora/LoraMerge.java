package farm.darkroom.sdxl.lora;

import java.util.ArrayList;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

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
    for (Layer layer : file.layers()) {
      if (!ignored.has(layer)) {
        TargetWeight target = targets.find(layer.name()).orElseThrow();
        Scales own =
            scales.computeIfAbsent(
                layer.name().component(), component -> scales(file, ignored, component));
        deltas.put(target, delta(file, layer, own.of(layer, target.path()) * weight));
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
    warnings.addAll(ignored.warnings());
    return new LoraMerge(deltas, warnings);
  }

  private static Delta delta(LoraFile file, Layer layer, double scale) {
    return new Delta(
        file, layer.down(), layer.up(), layer.find(Part.MAGNITUDE), layer.find(Part.BIAS), scale);
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

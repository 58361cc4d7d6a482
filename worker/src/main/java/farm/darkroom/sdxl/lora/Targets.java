package farm.darkroom.sdxl.lora;

import farm.darkroom.sdxl.snapshot.Component;
import farm.darkroom.sdxl.weights.StoredTensor;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/** The weights of a model's linear layers and convolutions, by layer name. */
record Targets(Map<LayerName, TargetWeight> weights) {
  private static final String EMBEDDINGS = "embeddings.";

  static Targets of(List<Component> components) {
    Map<LayerName, TargetWeight> weights = new HashMap<>();
    for (Component component : components) {
      component.checkpoint().tensors().values().stream()
          .filter(Targets::isLayer)
          .map(tensor -> new TargetWeight(component.name(), component.checkpoint(), tensor))
          .forEach(target -> weights.put(LayerName.of(component.name(), target.path()), target));
    }
    return new Targets(weights);
  }

  private static boolean isLayer(StoredTensor tensor) {
    int dimensions = tensor.shape().size();
    return tensor.name().endsWith(TargetWeight.WEIGHT)
        && (dimensions == 2 || dimensions == 4)
        && !tensor.name().contains(EMBEDDINGS);
  }

  Optional<TargetWeight> find(LayerName layer) {
    return Optional.ofNullable(weights.get(layer));
  }
}

package farm.darkroom.sdxl.lora;

import farm.darkroom.sdxl.snapshot.Component;
import farm.darkroom.sdxl.weights.TensorInfo;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/** The weights of linear layers and convolutions of a model, by the names of their layers. */
record Targets(Map<LayerName, Target> weights) {
  private static final String EMBEDDINGS = "embeddings.";

  static Targets of(List<Component> components) {
    Map<LayerName, Target> weights = new HashMap<>();
    for (Component component : components) {
      component.checkpoint().tensors().values().stream()
          .filter(Targets::isLayer)
          .map(tensor -> new Target(component.name(), tensor))
          .forEach(target -> weights.put(LayerName.of(component.name(), target.path()), target));
    }
    return new Targets(weights);
  }

  private static boolean isLayer(TensorInfo tensor) {
    int dimensions = tensor.shape().size();
    return tensor.name().endsWith(Target.WEIGHT)
        && (dimensions == 2 || dimensions == 4)
        && !tensor.name().contains(EMBEDDINGS);
  }

  Optional<Target> find(LayerName layer) {
    return Optional.ofNullable(weights.get(layer));
  }
}

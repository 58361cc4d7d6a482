package farm.darkroom.sdxl.lora;

import farm.darkroom.sdxl.weights.StoredTensor;
import java.util.EnumMap;
import java.util.Map;
import java.util.Optional;

/**
 * What a file has for one layer.
 *
 * @param kohya whether it is named as kohya's sd-scripts do
 */
record Layer(LayerName name, boolean kohya, Map<Part, StoredTensor> parts) {
  Layer(LayerName name, boolean kohya) {
    this(name, kohya, new EnumMap<>(Part.class));
  }

  Optional<StoredTensor> find(Part part) {
    return Optional.ofNullable(parts.get(part));
  }

  /** The down tensor of a layer that was checked. */
  StoredTensor down() {
    return parts.get(Part.DOWN);
  }

  /** The up tensor of a layer that was checked. */
  StoredTensor up() {
    return parts.get(Part.UP);
  }

  /** The rank; the layer must have been checked. */
  long rank() {
    return down().shape().get(0);
  }
}

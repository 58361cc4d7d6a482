package farm.darkroom.sdxl.lora;

import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.NDManager;
import farm.darkroom.sdxl.weights.Checkpoint;
import farm.darkroom.sdxl.weights.MappedTensor;
import farm.darkroom.sdxl.weights.StoredTensor;

/**
 * A weight of a model that LoRA networks can change.
 *
 * @param weight {@code [out, in]} or {@code [out, in, kernel, kernel]}
 */
record TargetWeight(String component, Checkpoint checkpoint, StoredTensor weight) {
  static final String WEIGHT = ".weight";
  private static final String BIAS = ".bias";

  /** The layer's path with dots. */
  String path() {
    return weight.name().substring(0, weight.name().length() - WEIGHT.length());
  }

  /** The weight as it is stored. */
  NDArray stored(NDManager scope) {
    return MappedTensor.of(checkpoint.bytes(weight), weight, scope);
  }

  /** The name of the layer's bias, whether or not the model has it. */
  String bias() {
    return path() + BIAS;
  }
}

package farm.darkroom.sdxl.lora;

import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.NDManager;
import ai.djl.ndarray.types.Shape;
import farm.darkroom.sdxl.weights.MappedTensor;
import farm.darkroom.sdxl.weights.StoredTensor;
import java.util.Optional;

/**
 * What one network adds to one weight: scale * up * down; of DoRA (Liu et al. 2024) the sum has
 * rows of the lengths that it learned.
 *
 * @param magnitude the lengths; empty for plain LoRA
 * @param bias what it adds to the layer's bias, times the scale; empty for most
 * @param scale alpha / rank, times the network's weight
 */
record Delta(
    LoraFile file,
    StoredTensor down,
    StoredTensor up,
    Optional<StoredTensor> magnitude,
    Optional<StoredTensor> bias,
    double scale) {
  NDArray down(NDManager scope) {
    return MappedTensor.of(file.bytes(down), down, scope);
  }

  /** {@code [out]}, or nothing. */
  NDArray magnitude(NDManager scope) {
    return orNothing(magnitude, scope);
  }

  /** {@code [out]}, or nothing. */
  NDArray bias(NDManager scope) {
    return orNothing(bias, scope);
  }

  private NDArray orNothing(Optional<StoredTensor> tensor, NDManager scope) {
    return tensor
        .map(found -> MappedTensor.of(file.bytes(found), found, scope))
        .orElseGet(() -> scope.create(new float[0], new Shape(0)));
  }

  NDArray up(NDManager scope) {
    return MappedTensor.of(file.bytes(up), up, scope);
  }
}

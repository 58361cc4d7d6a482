package farm.darkroom.sdxl.weights;

import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.NDManager;

/**
 * Changes weights on their way to the device, one tensor of the file at a time: after it is mapped,
 * before it is cast, joined, laid out or packed. Called on the thread that loads, so it must be
 * thread-safe, and it must give the same result every time, because sequential residency asks again
 * for each use.
 */
@FunctionalInterface
public interface WeightPatch {
  /** Every weight as it is stored. */
  WeightPatch NONE =
      new WeightPatch() {
        @Override
        public NDArray patched(String tensor, NDArray stored, NDManager scope) {
          return stored;
        }

        @Override
        public boolean changes(String tensor) {
          return false;
        }
      };

  /**
   * The weight that takes the place of {@code stored}.
   *
   * @param tensor its name in the checkpoint
   * @param stored in the file's dtype, over mapped bytes that must not be written to
   * @param scope owns the result, which has the shape of {@code stored} and any dtype
   */
  NDArray patched(String tensor, NDArray stored, NDManager scope);

  /** Whether another may take the place of the tensor; it is worked out on the device. */
  default boolean changes(String tensor) {
    return true;
  }

  /**
   * Whether it makes a bias for a linear layer that has none in the checkpoint, out of zeros.
   *
   * @param tensor the name that the bias would have there
   */
  default boolean givesBias(String tensor) {
    return false;
  }
}

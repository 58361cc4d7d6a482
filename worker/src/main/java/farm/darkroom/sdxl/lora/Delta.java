package farm.darkroom.sdxl.lora;

import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.NDManager;
import farm.darkroom.sdxl.weights.TensorInfo;
import farm.darkroom.sdxl.weights.WeightLoader;

/**
 * What one network adds to one weight: scale * up * down.
 *
 * @param scale alpha / rank, times the network's weight
 */
record Delta(LoraFile file, TensorInfo down, TensorInfo up, double scale) {
  NDArray down(NDManager scope) {
    return WeightLoader.mapped(file.bytes(down), down, scope);
  }

  NDArray up(NDManager scope) {
    return WeightLoader.mapped(file.bytes(up), up, scope);
  }
}

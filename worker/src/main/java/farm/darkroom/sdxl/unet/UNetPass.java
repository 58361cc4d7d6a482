package farm.darkroom.sdxl.unet;

import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.NDManager;
import farm.darkroom.sdxl.torch.Kernels;
import farm.darkroom.sdxl.weights.WeightGroup;
import farm.darkroom.sdxl.weights.Weights;

/**
 * The state of one forward pass that its blocks share.
 *
 * @param scope owns every intermediate; blocks close early what they no longer need
 * @param temb the activated embedding of timestep and sizes {@code [n, width]}
 */
record UNetPass(
    Kernels kernels, Weights weights, NDManager scope, NDArray temb, UNetConditioning text) {

  /** Runs a block's kernel on its weights. */
  NDArray run(String kernel, WeightGroup group, Object... arguments) {
    return UNetPass.run(kernels, weights, scope, kernel, group, arguments);
  }

  /** {@code x} with something added; closes {@code x}. */
  NDArray plus(NDArray x, NDArray residual) {
    NDArray sum = kernels.tensor(scope, "add_residual", x, residual);
    x.close();
    return sum;
  }

  static NDArray run(
      Kernels kernels,
      Weights weights,
      NDManager owner,
      String kernel,
      WeightGroup group,
      Object... arguments) {
    Object[] all = new Object[arguments.length + 1];
    System.arraycopy(arguments, 0, all, 1, arguments.length);
    try (Weights.Hold hold = weights.hold(group)) {
      all[0] = hold.dict();
      return kernels.tensor(owner, kernel, all);
    }
  }
}

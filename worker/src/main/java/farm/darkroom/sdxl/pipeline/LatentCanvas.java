package farm.darkroom.sdxl.pipeline;

import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.NDManager;

/**
 * How a pipeline prepares the latents before each UNet call and adjusts them after each step:
 * inpainting adds channels or puts kept pixels back, editing adds channels. The plain one does
 * neither.
 */
interface LatentCanvas {

  LatentCanvas PLAIN = new LatentCanvas() {};

  /**
   * What the UNet sees of the scaled latents {@code [1, 4, h, w]}: one row for all predictions, or
   * one for each.
   */
  default NDArray before(NDManager owner, NDArray scaled) {
    return scaled;
  }

  /**
   * The latents after a step.
   *
   * @param nextIndex of the timestep that comes next, or -1 after the last
   */
  default NDArray after(NDManager owner, NDArray latents, int nextIndex) {
    return latents;
  }
}

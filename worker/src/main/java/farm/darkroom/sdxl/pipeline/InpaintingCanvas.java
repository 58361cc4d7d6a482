package farm.darkroom.sdxl.pipeline;

import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.NDManager;
import farm.darkroom.sdxl.schedulers.Scheduler;
import farm.darkroom.sdxl.torch.Kernels;

/**
 * Inpainting with a UNet of 4 channels: after each step the kept part is put back, as noisy as the
 * next step expects it (diffusers: the inpainting pipeline's loop).
 *
 * @param image the picture's latents {@code [1, 4, h, w]}
 * @param noise what the latents started from
 * @param mask {@code [1, 1, h, w]}, 1 where it is painted
 */
record InpaintingCanvas(
    Kernels kernels, Scheduler scheduler, NDArray image, NDArray noise, NDArray mask)
    implements LatentCanvas {

  @Override
  public NDArray after(NDManager owner, NDArray latents, int nextIndex) {
    if (nextIndex < 0) {
      return kernels.tensor(owner, "blended", image, latents, mask);
    }
    NDArray noisy = scheduler.addNoise(image, noise, nextIndex);
    noisy.attach(owner);
    return kernels.tensor(owner, "blended", noisy, latents, mask);
  }
}

package farm.darkroom.sdxl.pipeline;

import ai.djl.ndarray.NDArray;
import farm.darkroom.sdxl.schedulers.Noise;
import farm.darkroom.sdxl.vae.Raster;
import java.util.function.UnaryOperator;

/**
 * The initial state of a denoising loop.
 *
 * @param latents {@code [1, 4, height/8, width/8]}, as noisy as the first timestep expects
 * @param noise the request's generator, continued by stochastic schedulers
 * @param finish what becomes of the decoded picture
 */
record Start(NDArray latents, Noise noise, LatentCanvas canvas, UnaryOperator<Raster> finish) {

  /** A start whose latents go through the model unchanged. */
  static Start plain(NDArray latents, Noise noise) {
    return new Start(latents, noise, LatentCanvas.PLAIN, UnaryOperator.identity());
  }
}

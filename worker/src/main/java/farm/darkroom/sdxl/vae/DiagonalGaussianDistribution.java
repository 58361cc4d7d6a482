package farm.darkroom.sdxl.vae;

import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.NDManager;
import ai.djl.ndarray.types.Shape;
import farm.darkroom.sdxl.torch.Kernels;

/**
 * The posterior of a picture: a mean and a log-variance (clamped to -30..20) for each latent.
 *
 * @param moments float32 {@code [n, 2 * latentChannels, h, w]}, the means first; the record closes
 *     nothing
 */
public record DiagonalGaussianDistribution(Kernels kernels, NDArray moments) {

  /**
   * {@code mean + std * noise}.
   *
   * @param noise standard normal, of {@link #shape()}
   */
  public NDArray sample(NDManager owner, NDArray noise) {
    return kernels.tensor(owner, "vae_sample", moments, noise);
  }

  /** The means. */
  public NDArray mode(NDManager owner) {
    return kernels.tensor(owner, "vae_mode", moments);
  }

  /** The shape of the latents. */
  public Shape shape() {
    Shape of = moments.getShape();
    return new Shape(of.get(0), of.get(1) / 2, of.get(2), of.get(3));
  }
}

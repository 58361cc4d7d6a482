package farm.darkroom.sdxl.vae;

import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.NDManager;
import farm.darkroom.sdxl.torch.Kernels;
import java.util.List;

/**
 * Between an autoencoder's latents and the UNet's, which have about unit variance: {@code (z -
 * mean) * factor / std} and back (diffusers: SDXL's pipelines, {@code scaling_factor}).
 *
 * @param mean per channel; empty where the config has no mean and std
 * @param std per channel, as many as {@code mean}
 */
public record LatentScale(double factor, List<Double> mean, List<Double> std) {

  public LatentScale {
    mean = List.copyOf(mean);
    std = List.copyOf(std);
  }

  /** As a config says it: diffusers passes over a mean without a std, and a std without a mean. */
  static LatentScale of(double factor, List<Double> mean, List<Double> std) {
    LatentScale whole = new LatentScale(factor, mean, std);
    return mean.isEmpty() || std.isEmpty() ? whole.factorOnly() : whole;
  }

  /** The factor alone, which is how diffusers' inpainting scales the picture that it keeps. */
  public LatentScale factorOnly() {
    return new LatentScale(factor, List.of(), List.of());
  }

  /** From the encoder to the UNet. */
  public NDArray scaled(NDManager owner, Kernels kernels, NDArray latents) {
    return kernels.tensor(owner, "vae_scaled", latents, factor, numbers(mean), numbers(std));
  }

  /** From the UNet to the decoder. */
  public NDArray unscaled(NDManager owner, Kernels kernels, NDArray latents) {
    return kernels.tensor(owner, "vae_unscaled", latents, factor, numbers(mean), numbers(std));
  }

  private static double[] numbers(List<Double> values) {
    return values.stream().mapToDouble(Double::doubleValue).toArray();
  }
}

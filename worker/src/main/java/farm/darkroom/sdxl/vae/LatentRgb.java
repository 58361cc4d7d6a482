package farm.darkroom.sdxl.vae;

/**
 * A rough picture of latents without an autoencoder: the colour of a place is a linear function of
 * its four channels. The factors are those of ComfyUI ({@code comfy/latent_formats.py}, class SDXL:
 * {@code latent_rgb_factors} and {@code latent_rgb_factors_bias}), fitted to the latents of SDXL's
 * own VAE; latents of another VAE come out in other colours.
 */
public final class LatentRgb {
  /** The channels of the latents. */
  public static final int CHANNELS = 4;

  private static final int RGB = 3;
  private static final double HALF = 127.5;

  /** Red, green and blue of each channel. */
  private static final double[][] FACTORS = {
    {0.3651, 0.4232, 0.4341},
    {-0.2533, -0.0042, 0.1068},
    {0.1076, 0.1111, -0.0362},
    {-0.3165, -0.2492, -0.2188}
  };

  private static final double[] BIAS = {0.1084, -0.0175, -0.0011};

  private LatentRgb() {}

  /**
   * The picture, one pixel for each position of the latents; black where they are not finite.
   *
   * @param latents {@code [4, height, width]}, row-major, as the UNet has them
   * @param size of the latents
   */
  public static Raster raster(float[] latents, Size size) {
    int places = size.height() * size.width();
    if (latents.length != CHANNELS * places) {
      throw new IllegalArgumentException(
          "%d values for %d channels of %d x %d"
              .formatted(latents.length, CHANNELS, size.height(), size.width()));
    }
    byte[] samples = new byte[RGB * places];
    for (int place = 0; place < places; place++) {
      for (int colour = 0; colour < RGB; colour++) {
        double value = BIAS[colour];
        for (int channel = 0; channel < CHANNELS; channel++) {
          value += FACTORS[channel][colour] * latents[channel * places + place];
        }
        samples[RGB * place + colour] = sample(value);
      }
    }
    return new Raster(size, RGB, samples);
  }

  /** From -1 to 1, in which pictures are. */
  private static byte sample(double value) {
    return (byte) Math.rint((Math.max(-1, Math.min(1, value)) + 1) * HALF);
  }
}

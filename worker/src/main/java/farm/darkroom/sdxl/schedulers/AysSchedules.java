package farm.darkroom.sdxl.schedulers;

/**
 * Ten steps optimised for SDXL: Align Your Steps (Sabour et al., arXiv 2404.14507), as in
 * diffusers' {@code AysSchedules}. For samplers that take a list of timesteps or of sigmas.
 */
public final class AysSchedules {
  private AysSchedules() {}

  /** {@code AysSchedules["StableDiffusionXLTimesteps"]}. */
  public static double[] sdxlTimesteps() {
    return new double[] {999, 845, 730, 587, 443, 310, 193, 116, 53, 13};
  }

  /** {@code AysSchedules["StableDiffusionXLSigmas"]}, the last one being the end. */
  public static double[] sdxlSigmas() {
    return new double[] {
      14.615, 6.315, 3.771, 2.181, 1.342, 0.862, 0.555, 0.380, 0.234, 0.113, 0.0
    };
  }
}

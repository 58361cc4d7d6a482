package farm.darkroom.sdxl.schedulers;

/**
 * The timesteps and noise levels of a run.
 *
 * @param timesteps what the model is called with
 * @param sigmas noise levels, one more than timesteps; empty for samplers without
 * @param steps what the user asked for, which two-part samplers do not show in the lengths
 */
@SuppressWarnings("ArrayRecordComponent") // numbers are handed over, never compared
record Schedule(double[] timesteps, double[] sigmas, int steps) {

  /** Without sigmas. */
  static Schedule of(double[] timesteps, int steps) {
    return new Schedule(timesteps, new double[0], steps);
  }

  /** One model call per step; sigmas are rounded to float32, where diffusers keeps them. */
  static Schedule of(double[] timesteps, double[] sigmas) {
    return new Schedule(timesteps, Float32.round(sigmas), timesteps.length);
  }

  double largestSigma() {
    double largest = Double.NEGATIVE_INFINITY;
    for (double sigma : sigmas) {
      largest = Math.max(largest, sigma);
    }
    return largest;
  }
}

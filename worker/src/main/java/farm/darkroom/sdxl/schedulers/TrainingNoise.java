package farm.darkroom.sdxl.schedulers;

/**
 * The noise levels that the model was trained on, one per timestep: {@code alphas_cumprod} and
 * {@code sigma = sqrt((1 - a) / a)}, float32 as in diffusers. Immutable.
 */
final class TrainingNoise {
  /** Stands for a terminal alpha of zero, so that the first sigma is finite (as in diffusers). */
  private static final float SMALLEST_ALPHA = 0x1p-24f;

  private static final double LEAST_SIGMA = 1e-10;

  private final float[] alphasCumprod;
  private final float[] sigmas;
  private final float[] logSigmas;

  private TrainingNoise(float[] alphasCumprod, SquareRoots roots) {
    this.alphasCumprod = alphasCumprod;
    float[] ratios = new float[alphasCumprod.length];
    logSigmas = new float[alphasCumprod.length];
    for (int i = 0; i < ratios.length; i++) {
      ratios[i] = (1 - alphasCumprod[i]) / alphasCumprod[i];
    }
    sigmas = roots.of(ratios);
    for (int i = 0; i < sigmas.length; i++) {
      logSigmas[i] = Float32.log(sigmas[i]);
    }
  }

  /** As the DDPM family has it: a terminal alpha of zero stays zero. */
  static TrainingNoise exact(SchedulerConfig config, SquareRoots roots) {
    return new TrainingNoise(
        Float32.cumulativeProduct(BetaSchedule.alphas(BetaSchedule.of(config, roots))), roots);
  }

  /** As the sigma family has it: with rescale_betas_zero_snr the terminal alpha is 2^-24. */
  static TrainingNoise finite(SchedulerConfig config, SquareRoots roots) {
    float[] alphas = Float32.cumulativeProduct(BetaSchedule.alphas(BetaSchedule.of(config, roots)));
    if (config.flagIfAny("rescale_betas_zero_snr")) {
      alphas[alphas.length - 1] = SMALLEST_ALPHA;
    }
    return new TrainingNoise(alphas, roots);
  }

  int length() {
    return alphasCumprod.length;
  }

  double alphaCumprod(int timestep) {
    return alphasCumprod[timestep];
  }

  double sigma(int timestep) {
    return sigmas[timestep];
  }

  double logSigma(int timestep) {
    return logSigmas[timestep];
  }

  /**
   * How many timesteps have a lambda (half log signal-to-noise ratio) of at least {@code least}.
   */
  int lastAbove(double least) {
    int count = 0;
    for (float alpha : alphasCumprod) {
      double lambda = Math.log(Float32.sqrt(alpha)) - Math.log(Float32.sqrt(1 - alpha));
      if (lambda >= least) {
        count++;
      }
    }
    return count;
  }

  /** The sigma of the first timestep that sampling may use, the largest. */
  double lastSigma() {
    return sigmas[sigmas.length - 1];
  }

  /** Sigma at a fractional timestep, by linear interpolation ({@code numpy.interp}). */
  double sigmaAt(double timestep) {
    if (timestep <= 0) {
      return sigmas[0];
    }
    if (timestep >= sigmas.length - 1) {
      return lastSigma();
    }
    int low = (int) timestep;
    double slope = (double) sigmas[low + 1] - sigmas[low];
    return slope * (timestep - low) + sigmas[low];
  }

  double[] sigmasAt(double[] timesteps) {
    double[] values = new double[timesteps.length];
    for (int i = 0; i < values.length; i++) {
      values[i] = sigmaAt(timesteps[i]);
    }
    return values;
  }

  /** The fractional timestep of a sigma, linear in log sigma ({@code _sigma_to_t}). */
  double timestepOf(double sigma) {
    double logSigma = Math.log(Math.max(sigma, LEAST_SIGMA));
    int low = interval(logSigma);
    double w = (logSigmas[low] - logSigma) / ((double) logSigmas[low] - logSigmas[low + 1]);
    return between(low, w);
  }

  /** The same for a sigma that diffusers has in float32 and reckons with so. */
  double timestepOf(float sigma) {
    float logSigma = Float32.log(Math.max(sigma, (float) LEAST_SIGMA));
    int low = interval(logSigma);
    float w = (logSigmas[low] - logSigma) / (logSigmas[low] - logSigmas[low + 1]);
    return between(low, w);
  }

  /** The last timestep with no more noise, but one that has a next. */
  private int interval(double logSigma) {
    int low = 0;
    for (int i = 0; i < logSigmas.length; i++) {
      if (logSigma >= logSigmas[i]) {
        low = i;
      }
    }
    return Math.min(low, logSigmas.length - 2);
  }

  private static double between(int low, double weight) {
    double w = Math.max(0, Math.min(1, weight));
    return (1 - w) * low + w * (low + 1);
  }

  double[] timestepsOf(double[] values) {
    double[] timesteps = new double[values.length];
    for (int i = 0; i < values.length; i++) {
      timesteps[i] = timestepOf(values[i]);
    }
    return timesteps;
  }
}

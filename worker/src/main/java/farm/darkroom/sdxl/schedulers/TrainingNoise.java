package farm.darkroom.sdxl.schedulers;

/**
 * The noise levels that the model was trained on, one per timestep: {@code alphas_cumprod} and
 * {@code sigma = sqrt((1 - a) / a)}, float32 as in diffusers. Immutable.
 */
final class TrainingNoise {
  /** Stands for a terminal alpha of zero, so that the first sigma is finite (as in diffusers). */
  private static final float SMALLEST_ALPHA = 0x1p-24f;

  private final float[] alphasCumprod;
  private final float[] sigmas;
  private final LogSigmas logSigmas;

  private TrainingNoise(float[] alphasCumprod, SquareRoots roots) {
    this.alphasCumprod = alphasCumprod;
    float[] ratios = new float[alphasCumprod.length];
    for (int i = 0; i < ratios.length; i++) {
      ratios[i] = (1 - alphasCumprod[i]) / alphasCumprod[i];
    }
    sigmas = roots.of(ratios);
    logSigmas = LogSigmas.of(sigmas);
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
    return logSigmas.at(timestep);
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

  /** The fractional timestep of a sigma. */
  double timestepOf(double sigma) {
    return logSigmas.timestepOf(sigma);
  }

  /** The timestep of a sigma, computed in float32 where diffusers does so. */
  double timestepOf(float sigma) {
    return logSigmas.timestepOf(sigma);
  }

  double[] timestepsOf(double[] values) {
    return logSigmas.timestepsOf(values);
  }
}

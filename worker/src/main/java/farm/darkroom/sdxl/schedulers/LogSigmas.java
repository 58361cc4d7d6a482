package farm.darkroom.sdxl.schedulers;

/**
 * The logarithms of the sigmas of timesteps 0, 1, 2, ..., between which a sigma has a fractional
 * timestep ({@code _sigma_to_t}).
 */
record LogSigmas(@SuppressWarnings("ArrayRecordComponent") double[] logs) {
  private static final double LEAST_SIGMA = 1e-10;

  /** Makes the table of at least two sigmas. */
  static LogSigmas of(double[] sigmas) {
    double[] logs = new double[sigmas.length];
    for (int i = 0; i < logs.length; i++) {
      logs[i] = Math.log(sigmas[i]);
    }
    return new LogSigmas(logs);
  }

  /** Makes the table of float32 sigmas, computed in float32. */
  static LogSigmas of(float[] sigmas) {
    double[] logs = new double[sigmas.length];
    for (int i = 0; i < logs.length; i++) {
      logs[i] = Float32.log(sigmas[i]);
    }
    return new LogSigmas(logs);
  }

  double at(int timestep) {
    return logs[timestep];
  }

  /** The fractional timestep of a sigma, linear in log sigma. */
  double timestepOf(double sigma) {
    double logSigma = Math.log(Math.max(sigma, LEAST_SIGMA));
    int low = interval(logSigma);
    return between(low, (logs[low] - logSigma) / (logs[low] - logs[low + 1]));
  }

  /** The timestep of a sigma, computed in float32 where diffusers does so. */
  double timestepOf(float sigma) {
    float logSigma = Float32.log(Math.max(sigma, (float) LEAST_SIGMA));
    int low = interval(logSigma);
    float from = (float) logs[low];
    float w = (from - logSigma) / (from - (float) logs[low + 1]);
    return between(low, w);
  }

  double[] timestepsOf(double[] sigmas) {
    double[] timesteps = new double[sigmas.length];
    for (int i = 0; i < timesteps.length; i++) {
      timesteps[i] = timestepOf(sigmas[i]);
    }
    return timesteps;
  }

  /** The last timestep with no more noise, but one that has a next. */
  private int interval(double logSigma) {
    int low = 0;
    for (int i = 0; i < logs.length; i++) {
      if (logSigma >= logs[i]) {
        low = i;
      }
    }
    return Math.min(low, logs.length - 2);
  }

  private static double between(int low, double weight) {
    double w = Math.max(0, Math.min(1, weight));
    return (1 - w) * low + w * (low + 1);
  }
}

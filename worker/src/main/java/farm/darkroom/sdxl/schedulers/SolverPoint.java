package farm.darkroom.sdxl.schedulers;

/**
 * A noise level as the exponential integrators see it: {@code sample = alpha * clean + sigma *
 * noise} and lambda, the logarithm of alpha over sigma (half of the log signal-to-noise ratio).
 */
record SolverPoint(double alpha, double sigma, double lambda) {

  private SolverPoint(double alpha, double sigma) {
    this(alpha, sigma, Math.log(alpha) - Math.log(sigma));
  }

  /** From {@code sigma / alpha}, variance preserving. */
  static SolverPoint variancePreserving(double sigma) {
    double alpha = 1 / Math.sqrt(sigma * sigma + 1);
    return new SolverPoint(alpha, sigma * alpha);
  }

  /** Flow matching: clean and noise weigh one together. */
  static SolverPoint flow(double sigma) {
    return new SolverPoint(1 - sigma, sigma);
  }

  /** Variance exploding: the clean image is not scaled. */
  static SolverPoint varianceExploding(double sigma) {
    return new SolverPoint(1, sigma);
  }
}

package farm.darkroom.sdxl.schedulers;

/**
 * What a model output says about the clean image and the noise in a sample, both of them linear in
 * sample and output: {@code clean = cleanSample * sample + cleanOutput * output}, and the noise
 * likewise.
 */
record Prediction(double cleanSample, double cleanOutput, double noiseSample, double noiseOutput) {

  /**
   * For {@code sample = alpha * clean + sigma * noise}, alpha^2 + sigma^2 = 1. v is that of
   * Progressive Distillation (Salimans and Ho), appendix D.
   */
  static Prediction variancePreserving(SchedulerConfig config, double alpha, double sigma) {
    return switch (config.prediction()) {
      case Options.EPSILON -> new Prediction(1 / alpha, -sigma / alpha, 0, 1);
      case Options.SAMPLE -> new Prediction(0, 1, 1 / sigma, -alpha / sigma);
      case Options.V_PREDICTION -> new Prediction(alpha, -sigma, sigma, alpha);
      default -> throw new AssertionError(config.prediction());
    };
  }

  /** For {@code sample = (1 - sigma) * clean + sigma * noise}, the output being noise - clean. */
  static Prediction flow(double sigma) {
    return new Prediction(1, -sigma, 1, 1 - sigma);
  }

  /** For {@code sample = clean + sigma * noise}. */
  static Prediction varianceExploding(SchedulerConfig config, double sigma) {
    double alpha = 1 / Math.sqrt(sigma * sigma + 1);
    return switch (config.prediction()) {
      case Options.EPSILON -> new Prediction(1, -sigma, 0, 1);
      case Options.SAMPLE -> new Prediction(0, 1, 1 / sigma, -1 / sigma);
      case Options.V_PREDICTION ->
          new Prediction(alpha * alpha, -sigma * alpha, sigma * alpha * alpha, alpha);
      default -> throw new AssertionError(config.prediction());
    };
  }
}

package farm.darkroom.sdxl.schedulers;

import ai.djl.ndarray.NDArray;

/**
 * An Euler step that may first add noise and so raise sigma: Elucidating the Design Space of
 * Diffusion-Based Generative Models (Karras et al.), algorithm 2.
 */
final class Churn {
  private static final double MOST = Math.sqrt(2) - 1;

  private final double churn;
  private final double least;
  private final double most;
  private final double noise;

  Churn(SchedulerConfig config) {
    churn = config.real("s_churn");
    least = config.real("s_tmin");
    most = config.real("s_tmax");
    noise = config.real("s_noise");
  }

  /** From sigma, raised to sigma hat by noise, down to the next one. */
  record Step(double sigma, double hat, double next) {
    /** The share of the way from hat to zero that is gone back; negative. */
    double slope() {
      return (next - hat) / hat;
    }
  }

  /** Sigma hat. */
  double raised(double sigma, int steps) {
    boolean churned = least <= sigma && sigma <= most;
    return churned ? sigma * (1 + Math.min(churn / steps, MOST)) : sigma;
  }

  /** The latents at {@code step.next()}; draws noise only where sigma is raised. */
  NDArray step(
      LatentMath math,
      Step step,
      Prediction prediction,
      NDArray output,
      NDArray sample,
      NoiseSource source) {
    double ofSample = 1 + step.slope() * (1 - prediction.cleanSample());
    double ofOutput = -step.slope() * prediction.cleanOutput();
    if (step.hat() <= step.sigma()) {
      return math.combine(new double[] {ofSample, ofOutput}, sample, output);
    }
    double added = noise * Math.sqrt(step.hat() * step.hat() - step.sigma() * step.sigma());
    try (NDArray fresh = math.noise(source, output)) {
      return math.combine(
          new double[] {ofSample, ofOutput, ofSample * added}, sample, output, fresh);
    }
  }
}

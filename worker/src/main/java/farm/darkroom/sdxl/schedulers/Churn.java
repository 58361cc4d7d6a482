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
    /** The standard deviation of the noise that raises sigma. */
    double added() {
      return Math.sqrt(hat * hat - sigma * sigma);
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
    if (step.hat() <= step.sigma()) {
      return math.eulerStep(sample, output, prediction, step.hat(), step.next());
    }
    try (Mix mix = new Mix(math)) {
      mix.add(1, sample).draw(noise * step.added(), source, output);
      NDArray raised = mix.own(mix.sum());
      return math.eulerStep(raised, output, prediction, step.hat(), step.next());
    }
  }
}

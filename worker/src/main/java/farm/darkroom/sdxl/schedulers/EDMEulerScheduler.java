package farm.darkroom.sdxl.schedulers;

import ai.djl.ndarray.NDArray;
import java.util.List;

/** Euler's method with EDM preconditioning. Stateless. */
final class EDMEulerScheduler extends EdmScheduler {
  static final List<Option> OPTIONS = options();

  EDMEulerScheduler(SchedulerConfig config, LatentMath math) {
    super(config, math);
  }

  @Override
  Schedule spaced(int steps) {
    double[] sigmas =
        karras() ? SigmaShape.karras(sigmaMax(), sigmaMin(), steps, rho()) : exponential(steps);
    double last = config().is("final_sigmas_type", "zero") ? 0 : sigmas[steps - 1];
    return Schedule.of(times(sigmas), Spacing.append(sigmas, last));
  }

  @Override
  public NDArray step(NDArray modelOutput, int index, NDArray sample, NoiseSource noise) {
    double sigma = sigma(index);
    return math().eulerStep(sample, modelOutput, prediction(sigma), sigma, sigma(index + 1));
  }
}

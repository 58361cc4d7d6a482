package farm.darkroom.sdxl.schedulers;

import ai.djl.ndarray.NDArray;
import java.util.List;

/** Euler's method with EDM preconditioning. Stateless. */
final class EDMEulerScheduler extends BaseScheduler {
  static final List<Option> OPTIONS = Edm.options();

  private final Edm edm;

  EDMEulerScheduler(SchedulerConfig config, LatentMath math) {
    super(config, math);
    edm = new Edm(config);
  }

  @Override
  Schedule spaced(int steps) {
    double[] sigmas =
        edm.karras()
            ? SigmaShape.karras(edm.sigmaMax(), edm.sigmaMin(), steps, edm.rho())
            : edm.exponential(steps);
    double last = config().is("final_sigmas_type", "zero") ? 0 : sigmas[steps - 1];
    return Schedule.of(Edm.times(sigmas), Spacing.append(sigmas, last));
  }

  @Override
  public double initNoiseSigma() {
    return edm.initNoiseSigma();
  }

  @Override
  public double inputScale(int index) {
    return edm.inputScale(sigma(index));
  }

  @Override
  public NDArray step(NDArray modelOutput, int index, NDArray sample, NoiseSource noise) {
    double sigma = sigma(index);
    return math().eulerStep(sample, modelOutput, edm.prediction(sigma), sigma, sigma(index + 1));
  }

  @Override
  public NDArray addNoise(NDArray original, NDArray noise, int index) {
    return math().combine(new double[] {1, sigma(index)}, original, noise);
  }
}

package farm.darkroom.sdxl.schedulers;

import ai.djl.ndarray.NDArray;
import java.util.List;

/** Euler's method with EDM preconditioning. Stateless. */
final class EDMEulerScheduler extends BaseScheduler {
  static final List<Option> OPTIONS = Options.all(Edm.options(), Options.churn());

  private final Edm edm;
  private final Churn churn;

  EDMEulerScheduler(SchedulerConfig config, LatentMath math) {
    super(config, math);
    edm = new Edm(config);
    churn = new Churn(config);
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
    double hat = churn.raised(sigma, schedule().sigmas().length - 1);
    Churn.Step step = new Churn.Step(sigma, hat, sigma(index + 1));
    return churn.step(math(), step, edm.prediction(hat), modelOutput, sample, noise);
  }

  @Override
  public NDArray addNoise(NDArray original, NDArray noise, int index) {
    return math().combine(new double[] {1, sigma(index)}, original, noise);
  }
}

package farm.darkroom.sdxl.schedulers;

import ai.djl.ndarray.NDArray;
import java.util.List;

/** Linear multistep (Adams-Bashforth) over sigma, up to four earlier derivatives (k-diffusion). */
final class LMSDiscreteScheduler extends SigmaScheduler {
  static final List<Option> OPTIONS =
      Options.all(
          options(0.0001, 0.02, Options.EPSILON, Options.SAMPLE, Options.V_PREDICTION),
          Options.sigmaShapes());

  /** The {@code order} of diffusers' {@code step}, which no pipeline changes. */
  private static final int ORDER = 4;

  private final History derivatives = new History(ORDER);

  LMSDiscreteScheduler(SchedulerConfig config, LatentMath math) {
    super(config, math);
  }

  @Override
  Schedule spaced(int steps) {
    Levels levels = levels(steps);
    return Schedule.of(Float32.round(levels.timesteps()), Spacing.append(levels.sigmas(), 0));
  }

  @Override
  void forget() {
    derivatives.clear();
  }

  @Override
  public NDArray step(NDArray modelOutput, int index, NDArray sample, NoiseSource noise) {
    derivatives.push(derivative(modelOutput, sample, sigma(index)));
    int order = Math.min(index + 1, ORDER);
    NDArray total = math().combine(new double[] {weight(index, 0, order)}, derivatives.get(0));
    // After a start in the middle (img2img) diffusers leaves out what it has not seen, too.
    for (int age = 1; age < Math.min(order, derivatives.size()); age++) {
      try (NDArray before = total) {
        total = math().sum(1, before, weight(index, age, order), derivatives.get(age));
      }
    }
    try (NDArray all = total) {
      return math().sum(1, sample, 1, all);
    }
  }

  /**
   * The integral from this sigma to the next of the Lagrange polynomial that is one at the
   * derivative of this age and zero at the {@code order - 1} others.
   */
  private double weight(int index, int age, int order) {
    double here = sigma(index);
    // Coefficients of the product by powers of (tau - here), lowest first.
    double[] polynomial = new double[order];
    polynomial[0] = 1;
    for (int k = 0; k < order; k++) {
      if (k != age) {
        double root = sigma(index - k) - here;
        double height = sigma(index - age) - sigma(index - k);
        for (int power = order - 1; power >= 0; power--) {
          double lower = power == 0 ? 0 : polynomial[power - 1];
          polynomial[power] = (lower - root * polynomial[power]) / height;
        }
      }
    }
    double width = sigma(index + 1) - here;
    double integral = 0;
    for (int power = order - 1; power >= 0; power--) {
      integral = width * (polynomial[power] / (power + 1) + integral);
    }
    return integral;
  }
}

package farm.darkroom.sdxl.schedulers;

import ai.djl.ndarray.NDArray;
import java.util.List;

/**
 * The second-order DPM solver of k-diffusion ({@code sample_dpm_2}): an Euler step to the geometric
 * middle of two noise levels, whose derivative then makes the whole step. Two model calls per step,
 * the last step has one. Stateful between the two.
 */
final class KDPM2DiscreteScheduler extends SigmaScheduler {
  static final List<Option> OPTIONS =
      Options.all(
          options(0.00085, 0.012, Options.EPSILON, Options.V_PREDICTION), Options.sigmaShapes());

  /** The sample at the start of the step; empty before the first call. */
  private final History start = new History(1);

  KDPM2DiscreteScheduler(SchedulerConfig config, LatentMath math) {
    super(config, math);
  }

  @Override
  Schedule spaced(int steps) {
    return Kdpm2Spacing.schedule(levels(steps), this, this::middle);
  }

  @Override
  public int order() {
    return 2;
  }

  @Override
  void forget() {
    start.clear();
  }

  /** The middle of the step that the call at {@code index} belongs to. */
  private double middle(int index) {
    int first = start.size() == 0 ? index : index - 1;
    return middle(sigma(first), sigma(first + 1));
  }

  private double middle(double from, double to) {
    return math().geometricMiddle(to, from);
  }

  @Override
  Prediction predictionAt(int index) {
    return start.size() == 0 ? super.predictionAt(index) : prediction(middle(index));
  }

  @Override
  public double inputScale(int index) {
    return start.size() == 0 ? super.inputScale(index) : 1 / Math.hypot(middle(index), 1);
  }

  @Override
  public NDArray step(NDArray modelOutput, int index, NDArray sample, NoiseSource noise) {
    double middle = middle(index);
    if (start.size() == 0) {
      start.push(math().copy(sample));
      try (NDArray derivative = derivative(modelOutput, sample, sigma(index))) {
        return moved(sample, derivative, sigma(index), middle);
      }
    }
    try (NDArray begun = start.take();
        NDArray derivative = derivative(modelOutput, sample, middle)) {
      return moved(begun, derivative, sigma(index - 1), sigma(index));
    }
  }
}

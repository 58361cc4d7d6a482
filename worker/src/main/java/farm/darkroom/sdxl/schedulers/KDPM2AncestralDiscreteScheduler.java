package farm.darkroom.sdxl.schedulers;

import ai.djl.ndarray.NDArray;
import java.util.List;

/**
 * {@link KDPM2DiscreteScheduler} with ancestral noise ({@code sample_dpm_2_ancestral} of
 * k-diffusion): the middle lies between the start and where the step goes down to. Stateful between
 * the two model calls of a step.
 */
final class KDPM2AncestralDiscreteScheduler extends SigmaScheduler {
  static final List<Option> OPTIONS = KDPM2DiscreteScheduler.OPTIONS;

  /** The sample at the start of the step; empty before the first call. */
  private final History start = new History(1);

  KDPM2AncestralDiscreteScheduler(SchedulerConfig config, LatentMath math) {
    super(config, math);
  }

  @Override
  Schedule spaced(int steps) {
    return Kdpm2Spacing.schedule(levels(steps), this, this::middle);
  }

  private double middle(double from, double to) {
    return math().geometricMiddle(from, ancestral(from, to).down());
  }

  private AncestralStep ancestral(double from, double to) {
    return AncestralStep.of(from, to, math()::squareRoots);
  }

  @Override
  public int order() {
    return 2;
  }

  @Override
  void forget() {
    start.clear();
  }

  @Override
  Prediction predictionAt(int index) {
    return start.size() == 0
        ? super.predictionAt(index)
        : prediction(middle(sigma(index - 1), sigma(index)));
  }

  @Override
  public double inputScale(int index) {
    return start.size() == 0
        ? super.inputScale(index)
        : 1 / Math.hypot(middle(sigma(index - 1), sigma(index)), 1);
  }

  @Override
  public NDArray step(NDArray modelOutput, int index, NDArray sample, NoiseSource noise) {
    if (start.size() == 0) {
      double sigma = sigma(index);
      start.push(math().copy(sample));
      try (NDArray derivative = derivative(modelOutput, sample, sigma)) {
        return moved(sample, derivative, sigma, middle(sigma, sigma(index + 1)));
      }
    }
    double from = sigma(index - 1);
    AncestralStep ancestral = ancestral(from, sigma(index));
    try (NDArray begun = start.take();
        NDArray derivative = derivative(modelOutput, sample, middle(from, sigma(index)));
        NDArray down = moved(begun, derivative, from, ancestral.down());
        NDArray drawn = math().noise(noise, modelOutput)) {
      return math().sum(1, down, ancestral.up(), drawn);
    }
  }
}

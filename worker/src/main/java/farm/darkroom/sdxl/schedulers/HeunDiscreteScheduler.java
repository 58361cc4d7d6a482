package farm.darkroom.sdxl.schedulers;

import ai.djl.ndarray.NDArray;
import java.util.List;

/**
 * Heun's method: Elucidating the Design Space of Diffusion-Based Generative Models (Karras et al.),
 * algorithm 1. Two model calls per step, the last step has one. Stateful between the two.
 */
final class HeunDiscreteScheduler extends SigmaScheduler {
  static final List<Option> OPTIONS =
      Options.all(
          Options.betas(0.00085, 0.012, "linear", "exp"),
          List.of(Options.prediction(Options.EPSILON, Options.SAMPLE, Options.V_PREDICTION)),
          Options.spacing("linspace"),
          Options.sigmaShapes(),
          Options.clipping(false));

  private final SampleClipping bounds;

  /** The first derivative, and the sample behind it; empty before the first call. */
  private final History first = new History(2);

  HeunDiscreteScheduler(SchedulerConfig config, LatentMath math) {
    super(config, math);
    bounds = new SampleClipping(config, math);
  }

  @Override
  Schedule spaced(int steps) {
    return doubled(levels(steps));
  }

  @Override
  Schedule ofTimesteps(double[] timesteps) {
    refuseTimestepsWithShape();
    return doubled(levelsAt(timesteps));
  }

  /** All but the first level stand twice: once as the goal of a step and once as its start. */
  private static Schedule doubled(Levels levels) {
    int steps = levels.timesteps().length;
    double[] timesteps = new double[2 * steps - 1];
    double[] sigmas = new double[2 * steps];
    for (int i = 0; i < timesteps.length; i++) {
      timesteps[i] = levels.timesteps()[(i + 1) / 2];
      sigmas[i] = levels.sigmas()[(i + 1) / 2];
    }
    return new Schedule(Float32.round(timesteps), Float32.round(sigmas), steps);
  }

  @Override
  public int order() {
    return 2;
  }

  @Override
  void forget() {
    first.clear();
  }

  @Override
  public NDArray step(NDArray modelOutput, int index, NDArray sample, NoiseSource noise) {
    return first.size() == 0
        ? first(modelOutput, index, sample)
        : second(modelOutput, index, sample);
  }

  private NDArray first(NDArray modelOutput, int index, NDArray sample) {
    NDArray derivative = derivative(modelOutput, index, sample);
    first.push(math().copy(sample));
    first.push(derivative);
    return moved(sample, derivative, sigma(index), sigma(index + 1));
  }

  private NDArray second(NDArray modelOutput, int index, NDArray sample) {
    try (NDArray other = derivative(modelOutput, index, sample);
        NDArray mean = math().combine(new double[] {0.5, 0.5}, first.get(0), other)) {
      return moved(first.get(1), mean, sigma(index - 1), sigma(index));
    } finally {
      first.clear();
    }
  }

  private NDArray derivative(NDArray modelOutput, int index, NDArray sample) {
    double sigma = sigma(index);
    if (!bounds.active()) {
      return derivative(modelOutput, sample, sigma);
    }
    try (NDArray clean = bounds.clean(prediction(sigma), sample, modelOutput)) {
      return math().derivative(sample, clean, sigma);
    }
  }
}

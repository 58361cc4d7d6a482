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
          options(0.00085, 0.012, Options.EPSILON, Options.SAMPLE, Options.V_PREDICTION),
          Options.sigmaShapes(),
          Options.clipping(false));

  private final CleanBounds bounds;

  /** The sample and half of the way by the first derivative; empty before the first call. */
  private final History halfway = new History(1);

  HeunDiscreteScheduler(SchedulerConfig config, LatentMath math) {
    super(config, math);
    bounds = new CleanBounds(config, math);
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
    halfway.clear();
  }

  @Override
  public NDArray step(NDArray modelOutput, int index, NDArray sample, NoiseSource noise) {
    return halfway.size() == 0
        ? first(modelOutput, index, sample)
        : second(modelOutput, index, sample);
  }

  private NDArray first(NDArray modelOutput, int index, NDArray sample) {
    double sigma = sigma(index);
    double slope = (sigma(index + 1) - sigma) / sigma;
    try (Mix whole = new Mix(math());
        Mix half = new Mix(math())) {
      NDArray clean = whole.own(bounds.clean(prediction(sigma), sample, modelOutput));
      halfway.push(half.add(1 + slope / 2, sample).add(-slope / 2, clean).sum());
      return whole.add(1 + slope, sample).add(-slope, clean).sum();
    }
  }

  private NDArray second(NDArray modelOutput, int index, NDArray sample) {
    double sigma = sigma(index);
    double slope = (sigma - sigma(index - 1)) / sigma;
    try (Mix mix = new Mix(math())) {
      NDArray clean = mix.own(bounds.clean(prediction(sigma), sample, modelOutput));
      mix.add(1, halfway.get(0)).add(slope / 2, sample).add(-slope / 2, clean);
      return mix.sum();
    } finally {
      halfway.clear();
    }
  }
}

package farm.darkroom.sdxl.schedulers;

import ai.djl.ndarray.NDArray;

/** Samplers that go by {@code alphas_cumprod} at whole timesteps: the DDPM family. */
abstract class AlphaScheduler extends BaseScheduler {
  private final TrainingNoise training;

  AlphaScheduler(SchedulerConfig config, LatentMath math) {
    super(config, math);
    training = TrainingNoise.exact(config);
  }

  final double alpha(int timestep) {
    return training.alphaCumprod(timestep);
  }

  /** Alpha at a timestep that may lie before the first, where set_alpha_to_one decides. */
  final double alphaOrFinal(int timestep) {
    if (timestep >= 0) {
      return alpha(timestep);
    }
    return config().flag("set_alpha_to_one") ? 1 : alpha(0);
  }

  final Prediction prediction(double alpha) {
    return Prediction.variancePreserving(config(), Math.sqrt(alpha), Math.sqrt(1 - alpha));
  }

  /** {@code steps} whole timesteps; there can be no more than in training. */
  final Schedule wholeTimesteps(int steps) {
    if (steps > config().trainTimesteps()) {
      throw config()
          .refuse(
              "num_inference_steps is %d, allowed: up to num_train_timesteps, which is %d"
                  .formatted(steps, config().trainTimesteps()));
    }
    return Schedule.of(Spacing.wholePoints(config(), steps), steps);
  }

  @Override
  public NDArray addNoise(NDArray original, NDArray noise, int index) {
    double alpha = alpha((int) timestep(index));
    return math().combine(new double[] {Math.sqrt(alpha), Math.sqrt(1 - alpha)}, original, noise);
  }
}

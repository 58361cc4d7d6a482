package farm.darkroom.sdxl.schedulers;

import ai.djl.ndarray.NDArray;

/** Base of the DDPM family: schedulers that work with {@code alphas_cumprod} at whole timesteps. */
abstract class AlphaScheduler extends BaseScheduler {
  private final TrainingNoise training;

  AlphaScheduler(SchedulerConfig config, LatentMath math) {
    super(config, math);
    training = TrainingNoise.exact(config, math::squareRoots);
  }

  /**
   * Alpha at a timestep. Trailing spacing ends with -1 for some step counts (61, 103, ...), which
   * in diffusers counts from the table's end. An offset may leave the first timestep behind the
   * table, which does not matter to runs that begin later.
   */
  final double alpha(int timestep) {
    requireTrained(timestep);
    return training.alphaCumprod(timestep < 0 ? timestep + training.length() : timestep);
  }

  private void requireTrained(int timestep) {
    if (timestep >= training.length()) {
      throw config()
          .refuse(
              "steps_offset is %d: the first timestep is %d, allowed: below num_train_timesteps, which is %d"
                  .formatted(config().whole("steps_offset"), timestep, training.length()));
    }
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

  @Override
  public final void checkBegin(int index) {
    requireTrained((int) timestep(index));
  }

  @Override
  final Prediction predictionAt(int index) {
    return prediction(alpha((int) timestep(index)));
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

  /** Timesteps of the user's own, whole numbers that fall and lie in the training range. */
  final Schedule descending(double[] timesteps) {
    double[] whole = Spacing.truncated(timesteps);
    for (int i = 0; i < whole.length; i++) {
      double least = i + 1 < whole.length ? whole[i + 1] + 1 : 0;
      double most = config().trainTimesteps() - 1;
      if (whole[i] < least || whole[i] > most) {
        throw config()
            .refuse(
                "timesteps[%d] is %s, allowed: falling numbers from %.0f to 0"
                    .formatted(i, timesteps[i], most));
      }
    }
    return Schedule.of(whole, whole.length);
  }

  @Override
  public NDArray addNoise(NDArray original, NDArray noise, int index) {
    double alpha = alpha((int) timestep(index));
    return math().combine(new double[] {Math.sqrt(alpha), Math.sqrt(1 - alpha)}, original, noise);
  }
}

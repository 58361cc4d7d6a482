package farm.darkroom.sdxl.schedulers;

import java.util.function.DoubleBinaryOperator;

/** The schedule of the KDPM2 samplers, which call the model between two noise levels as well. */
final class Kdpm2Spacing {
  private Kdpm2Spacing() {}

  /**
   * Timesteps t0, m0, t1, m1, ... t(n-1), m being those of the middles; sigmas are those that a
   * step begins at and goes to, each but the first twice, then two zeros.
   *
   * @param middle the noise level between two others
   */
  static Schedule schedule(
      SigmaScheduler.Levels levels, SigmaScheduler scheduler, DoubleBinaryOperator middle) {
    int steps = levels.timesteps().length;
    double[] starts = Float32.round(levels.sigmas());
    double[] times = levels.timesteps();
    if (scheduler.shape() == SigmaShape.KARRAS) {
      times = Spacing.rounded(times);
    }
    double[] timesteps = new double[2 * steps - 1];
    double[] sigmas = new double[2 * steps + 2];
    for (int i = 0; i < steps; i++) {
      timesteps[2 * i] = times[i];
      sigmas[2 * i] = starts[i];
      if (i + 1 < steps) {
        float between = (float) middle.applyAsDouble(starts[i], starts[i + 1]);
        timesteps[2 * i + 1] = scheduler.training().timestepOf(between);
        sigmas[2 * i + 1] = starts[i + 1];
      }
    }
    return new Schedule(timesteps, sigmas, steps);
  }
}

package farm.darkroom.sdxl.schedulers;

import ai.djl.ndarray.NDArray;
import java.util.List;

/** Euler steps that go further down than asked and come back up with noise (k-diffusion). */
final class EulerAncestralDiscreteScheduler extends SigmaScheduler {
  static final List<Option> OPTIONS =
      Options.all(
          options(0.0001, 0.02, Options.EPSILON, Options.V_PREDICTION),
          List.of(Options.flag("rescale_betas_zero_snr", false)));

  EulerAncestralDiscreteScheduler(SchedulerConfig config, LatentMath math) {
    super(config, math);
  }

  @Override
  Schedule spaced(int steps) {
    Levels levels = levels(steps);
    return Schedule.of(levels.timesteps(), Spacing.append(levels.sigmas(), 0));
  }

  @Override
  public NDArray step(NDArray modelOutput, int index, NDArray sample, NoiseSource noise) {
    double sigma = sigma(index);
    AncestralStep ancestral = AncestralStep.of(sigma, sigma(index + 1), math()::squareRoots);
    try (LinearCombination mix = new LinearCombination(math())) {
      NDArray down =
          math().eulerStep(sample, modelOutput, prediction(sigma), sigma, ancestral.down());
      return mix.add(1, mix.own(down)).draw(ancestral.up(), noise, modelOutput).sum();
    }
  }
}

package farm.darkroom.sdxl.schedulers;

import java.util.List;

/**
 * Base of the schedulers for few-step models, whose timesteps are a subset of those used in
 * distillation.
 */
abstract class DistilledScheduler extends AlphaScheduler {

  DistilledScheduler(SchedulerConfig config, LatentMath math) {
    super(config, math);
  }

  static List<Option> options() {
    return Options.all(
        Options.betas(0.00085, 0.012, "scaled_linear"),
        List.of(Options.whole("original_inference_steps", 50, 1)),
        Options.clipping(false),
        List.of(
            Options.flag("set_alpha_to_one", true),
            Options.prediction(Options.EPSILON, Options.SAMPLE, Options.V_PREDICTION)),
        Options.thresholding(),
        Options.spacing("leading"),
        List.of(
            Options.real("timestep_scaling", 10.0), Options.flag("rescale_betas_zero_snr", false)));
  }

  static void check(SchedulerConfig config) {
    int original = config.whole("original_inference_steps");
    if (original > config.trainTimesteps()) {
      throw config.refuse(
          "original_inference_steps is %d, allowed: up to num_train_timesteps, which is %d"
              .formatted(original, config.trainTimesteps()));
    }
  }

  /** {@code steps} of the distillation's timesteps, evenly spread from the noisiest down. */
  @Override
  final Schedule spaced(int steps) {
    int original = config().whole("original_inference_steps");
    if (steps > original) {
      throw config()
          .refuse(
              "num_inference_steps is %d, allowed: up to original_inference_steps, which is %d"
                  .formatted(steps, original));
    }
    int stride = config().trainTimesteps() / original;
    double[] timesteps = new double[steps];
    for (int i = 0; i < steps; i++) {
      int skipped = (int) Math.floor(i * ((double) original / steps));
      timesteps[i] = (original - skipped) * stride - 1;
    }
    return Schedule.of(timesteps, steps);
  }

  @Override
  final Schedule ofTimesteps(double[] timesteps) {
    return descending(timesteps);
  }

  final boolean last(int index) {
    return index + 1 == schedule().timesteps().length;
  }
}

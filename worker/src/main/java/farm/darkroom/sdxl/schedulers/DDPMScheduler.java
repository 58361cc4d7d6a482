package farm.darkroom.sdxl.schedulers;

import ai.djl.ndarray.NDArray;
import java.util.List;

/** Denoising Diffusion Probabilistic Models (Ho et al.), equations 6 and 7. Stateless. */
final class DDPMScheduler extends AlphaScheduler {
  private static final double LEAST_VARIANCE = 1e-20;

  static final List<Option> OPTIONS =
      Options.all(
          Options.betas(0.0001, 0.02, "linear", "laplace", "sigmoid"),
          List.of(
              Options.word("variance_type", "fixed_small", "fixed_small_log", "fixed_large"),
              Options.prediction(Options.EPSILON, Options.SAMPLE, Options.V_PREDICTION)),
          Options.clipping(true),
          Options.thresholding(),
          Options.spacing("leading"),
          List.of(Options.flag("rescale_betas_zero_snr", false)));

  private final SampleClipping bounds;

  DDPMScheduler(SchedulerConfig config, LatentMath math) {
    super(config, math);
    bounds = new SampleClipping(config, math);
  }

  @Override
  Schedule spaced(int steps) {
    return wholeTimesteps(steps);
  }

  @Override
  Schedule ofTimesteps(double[] timesteps) {
    return descending(timesteps);
  }

  @Override
  public NDArray step(NDArray modelOutput, int index, NDArray sample, NoiseSource noise) {
    int timestep = (int) timestep(index);
    double alpha = alpha(timestep);
    boolean last = index + 1 == schedule().timesteps().length || timestep(index + 1) < 0;
    double previous = last ? 1 : alpha((int) timestep(index + 1));
    double beta = 1 - alpha / previous;
    try (LinearCombination mix = new LinearCombination(math())) {
      NDArray clean = mix.own(bounds.clean(prediction(alpha), sample, modelOutput));
      mix.add(Math.sqrt(previous) * beta / (1 - alpha), clean);
      mix.add(Math.sqrt(alpha / previous) * (1 - previous) / (1 - alpha), sample);
      if (timestep > 0) {
        double small = Math.max((1 - previous) / (1 - alpha) * beta, LEAST_VARIANCE);
        boolean large = config().is("variance_type", "fixed_large");
        mix.draw(Math.sqrt(large ? beta : small), noise, modelOutput);
      }
      return mix.sum();
    }
  }
}

package farm.darkroom.sdxl.schedulers;

import ai.djl.ndarray.NDArray;
import java.util.List;

/** Denoising Diffusion Implicit Models (Song et al.), equations 12 and 16. Stateless. */
final class DDIMScheduler extends AlphaScheduler {
  static final List<Option> OPTIONS =
      Options.all(
          Options.betas(0.0001, 0.02, "linear"),
          Options.clipping(true),
          List.of(
              Options.flag("set_alpha_to_one", true),
              Options.prediction(Options.EPSILON, Options.SAMPLE, Options.V_PREDICTION)),
          Options.thresholding(),
          Options.spacing("leading"),
          List.of(Options.flag("rescale_betas_zero_snr", false), Options.real("eta", 0.0, 0)));

  private final SampleClipping bounds;

  DDIMScheduler(SchedulerConfig config, LatentMath math) {
    super(config, math);
    bounds = new SampleClipping(config, math);
  }

  @Override
  Schedule spaced(int steps) {
    return wholeTimesteps(steps);
  }

  @Override
  public NDArray step(NDArray modelOutput, int index, NDArray sample, NoiseSource noise) {
    int timestep = (int) timestep(index);
    double alpha = alpha(timestep);
    double previous = alphaOrFinal(timestep - config().trainTimesteps() / schedule().steps());
    double eta = config().real("eta");
    double deviation = eta * Math.sqrt((1 - previous) / (1 - alpha) * (1 - alpha / previous));
    double direction = Math.sqrt(1 - previous - deviation * deviation);
    try (LinearCombination mix = new LinearCombination(math())) {
      addPrediction(mix, prediction(alpha), Math.sqrt(previous), direction, modelOutput, sample);
      if (eta > 0) {
        mix.draw(deviation, noise, modelOutput);
      }
      return mix.sum();
    }
  }

  /** {@code toClean} times the clean image, held in bounds, and {@code toNoise} times the noise. */
  private void addPrediction(
      LinearCombination mix,
      Prediction prediction,
      double toClean,
      double toNoise,
      NDArray output,
      NDArray sample) {
    if (bounds.active()) {
      mix.add(toClean, mix.own(bounds.clean(prediction, sample, output)));
    } else {
      mix.addClean(toClean, prediction, sample, output);
    }
    mix.addNoise(toNoise, prediction, sample, output);
  }
}

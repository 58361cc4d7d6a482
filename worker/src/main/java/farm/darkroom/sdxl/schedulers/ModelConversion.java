package farm.darkroom.sdxl.schedulers;

import ai.djl.ndarray.NDArray;

/** Converts a model output to what a solver integrates: the clean image or the noise. */
record ModelConversion(SchedulerConfig config, LatentMath math) {

  /** The noise as the output says it, a new tensor. */
  NDArray noise(Prediction prediction, NDArray output, NDArray sample) {
    try (LinearCombination mix = new LinearCombination(math)) {
      return mix.addNoise(1, prediction, sample, output).sum();
    }
  }

  /** The clean image or the noise, held in bounds, a new tensor. */
  NDArray convert(
      boolean clean, SolverPoint point, Prediction prediction, NDArray output, NDArray sample) {
    SampleClipping bounds = new SampleClipping(config, math);
    if (clean) {
      return bounds.clean(prediction, sample, output);
    }
    if (!bounds.active()) {
      return noise(prediction, output, sample);
    }
    try (LinearCombination mix = new LinearCombination(math)) {
      NDArray bounded = mix.own(bounds.clean(prediction, sample, output));
      return mix.add(1 / point.sigma(), sample).add(-point.alpha() / point.sigma(), bounded).sum();
    }
  }
}

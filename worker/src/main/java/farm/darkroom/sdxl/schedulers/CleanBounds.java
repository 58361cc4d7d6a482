package farm.darkroom.sdxl.schedulers;

import ai.djl.ndarray.NDArray;

/** Keeps a predicted clean image in range, as thresholding or clip_sample ask. */
record CleanBounds(SchedulerConfig config, LatentMath math) {

  /** Whether there is anything to do; thresholding goes before clip_sample, as in diffusers. */
  boolean active() {
    return config.flagIfAny("thresholding") || config.flagIfAny("clip_sample");
  }

  /** The image in range, a new tensor. */
  NDArray apply(NDArray clean) {
    return config.flagIfAny("thresholding")
        ? math.threshold(
            clean, config.real("dynamic_thresholding_ratio"), config.real("sample_max_value"))
        : math.clamp(clean, config.real("clip_sample_range"));
  }

  /** The predicted clean image, in range, a new tensor. */
  NDArray clean(Prediction prediction, NDArray sample, NDArray output) {
    NDArray raw =
        math.combine(
            new double[] {prediction.cleanSample(), prediction.cleanOutput()}, sample, output);
    if (!active()) {
      return raw;
    }
    try (raw) {
      return apply(raw);
    }
  }
}

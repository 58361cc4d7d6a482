package farm.darkroom.sdxl.schedulers;

import ai.djl.ndarray.NDArray;

/** Keeps a predicted clean image in range, by dynamic thresholding or {@code clip_sample}. */
record SampleClipping(SchedulerConfig config, LatentMath math) {

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
    return held(raw(prediction, sample, output));
  }

  /** A clean image in range, itself where there is nothing to do; it is closed otherwise. */
  NDArray held(NDArray raw) {
    if (!active()) {
      return raw;
    }
    try (raw) {
      return apply(raw);
    }
  }

  /**
   * At zero signal (zero terminal SNR) both weights are infinite. As in diffusers the difference is
   * taken first, so that what comes out has a sign that bounds can hold.
   */
  private NDArray raw(Prediction prediction, NDArray sample, NDArray output) {
    double bySample = prediction.cleanSample();
    if (!Double.isInfinite(bySample)) {
      return math.sum(bySample, sample, prediction.cleanOutput(), output);
    }
    try (NDArray difference = math.combine(new double[] {1, -1}, sample, output)) {
      return math.combine(new double[] {bySample}, difference);
    }
  }
}

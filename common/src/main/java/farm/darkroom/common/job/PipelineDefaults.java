package farm.darkroom.common.job;

/**
 * The defaults that differ between diffusers' pipelines (signatures of {@code __call__} in 0.42.1).
 *
 * @param guidanceScale 7.5 for StableDiffusionXLInpaintPipeline alone
 * @param strength of the init image
 * @param conditioningScale {@code controlnet_conditioning_scale}
 */
record PipelineDefaults(double guidanceScale, double strength, double conditioningScale) {

  static PipelineDefaults of(boolean image, boolean mask, boolean control) {
    if (mask) {
      return new PipelineDefaults(control ? 5.0 : 7.5, 0.9999, 1.0);
    }
    return image && control
        ? new PipelineDefaults(5.0, 0.8, 0.8)
        : new PipelineDefaults(5.0, 0.3, 1.0);
  }
}

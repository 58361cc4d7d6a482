package farm.darkroom.common.job;

/**
 * The defaults that differ between diffusers' pipelines (signatures of {@code __call__} in 0.42.1).
 *
 * @param steps {@code num_inference_steps}: 100 for StableDiffusionXLInstructPix2PixPipeline alone
 * @param guidanceScale 7.5 for StableDiffusionXLInpaintPipeline alone
 * @param strength of the init image; 1 where that is edited, which takes all steps
 * @param conditioningScale {@code controlnet_conditioning_scale}
 */
record PipelineDefaults(
    int steps, double guidanceScale, double strength, double conditioningScale) {
  private static final int STEPS = 50;
  private static final PipelineDefaults EDITING = new PipelineDefaults(100, 5.0, 1.0, 1.0);

  static PipelineDefaults of(boolean edits, boolean image, boolean mask, boolean control) {
    return edits ? EDITING : of(image, mask, control);
  }

  private static PipelineDefaults of(boolean image, boolean mask, boolean control) {
    if (mask) {
      return new PipelineDefaults(STEPS, control ? 5.0 : 7.5, 0.9999, 1.0);
    }
    return image && control
        ? new PipelineDefaults(STEPS, 5.0, 0.8, 0.8)
        : new PipelineDefaults(STEPS, 5.0, 0.3, 1.0);
  }
}

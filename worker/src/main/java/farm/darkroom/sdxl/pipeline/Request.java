package farm.darkroom.sdxl.pipeline;

import farm.darkroom.sdxl.text.PromptTexts;
import farm.darkroom.sdxl.text.TextualInversion;
import farm.darkroom.sdxl.unet.FreeU;
import farm.darkroom.sdxl.vae.LatentScale;
import farm.darkroom.sdxl.vae.Size;
import java.util.List;
import java.util.Optional;

/**
 * One picture, asked of a pipeline.
 *
 * @param size of the picture, in pixels, multiples of 8
 * @param source what it starts from
 * @param inversions words of the request's own
 * @param controls ControlNets that steer it
 * @param guessMode whether ControlNets steer by their pictures more than by the prompt (diffusers:
 *     {@code guess_mode})
 * @param imagePrompts pictures that are attended to beside the text
 * @param freeU what the UNet's way up is scaled by
 */
public record Request(
    PromptTexts prompts,
    SamplingSpec sampling,
    Size size,
    MicroConditioning sizes,
    PictureSource source,
    List<TextualInversion> inversions,
    List<Control> controls,
    boolean guessMode,
    List<ImagePrompt> imagePrompts,
    Optional<FreeU> freeU) {

  public Request {
    inversions = List.copyOf(inversions);
    controls = List.copyOf(controls);
    imagePrompts = List.copyOf(imagePrompts);
  }

  /** A request without added tokens, ControlNets, pictures that prompt and FreeU. */
  public Request(
      PromptTexts prompts,
      SamplingSpec sampling,
      Size size,
      MicroConditioning sizes,
      PictureSource source) {
    this(
        prompts,
        sampling,
        size,
        sizes,
        source,
        List.of(),
        List.of(),
        false,
        List.of(),
        Optional.empty());
  }

  /**
   * Whether distilled models are told the guidance scale: diffusers' ControlNet pipelines that
   * start from a picture do not, and guide them by a second prediction.
   */
  boolean embedsGuidanceScale() {
    return controls.isEmpty() || source instanceof PictureSource.Noise;
  }

  /**
   * Whether the scheduler is not told where the loop begins: diffusers' ControlNet pipeline from
   * text alone does not, nor do those with perturbed attention.
   */
  boolean searchesFirstStep() {
    boolean perturbed = sampling.guidance().perturbed().isPresent();
    return (!controls.isEmpty() || perturbed) && source instanceof PictureSource.Noise;
  }

  /** Between UNet and decoder; diffusers' ControlNet inpainting passes over mean and std. */
  LatentScale decoding(LatentScale scale) {
    return controls.isEmpty() || !(source instanceof PictureSource.Masked)
        ? scale
        : scale.factorOnly();
  }

  /** Text to image with defaults. */
  public static Request of(String prompt, SamplingSpec sampling, Size size) {
    return new Request(
        PromptTexts.of(prompt),
        sampling,
        size,
        MicroConditioning.DEFAULT,
        new PictureSource.Noise());
  }
}

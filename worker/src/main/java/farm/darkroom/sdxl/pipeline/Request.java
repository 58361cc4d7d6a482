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
 * @param adapterImages T2I-Adapters that steer it
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
    AdapterImages adapterImages,
    List<ImagePrompt> imagePrompts,
    Optional<FreeU> freeU) {

  public Request {
    inversions = List.copyOf(inversions);
    controls = List.copyOf(controls);
    imagePrompts = List.copyOf(imagePrompts);
  }

  /** A request without added tokens, ControlNets, T2I-Adapters, pictures that prompt and FreeU. */
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
        AdapterImages.NONE,
        List.of(),
        Optional.empty());
  }

  /**
   * Whether distilled models are told the guidance scale: diffusers' ControlNet pipelines that
   * start from a picture do not, nor does the one that edits, and guide them by further
   * predictions.
   */
  boolean embedsGuidanceScale() {
    return source instanceof PictureSource.Noise
        || (controls.isEmpty() && !(source instanceof PictureSource.Edited));
  }

  /**
   * Whether the scheduler is not told where the loop begins: diffusers' pipelines from text alone
   * with ControlNets or T2I-Adapters do not, nor do those with perturbed attention and the one that
   * edits.
   */
  boolean searchesFirstStep() {
    boolean perturbed = sampling.guidance().perturbed().isPresent();
    boolean searches = !controls.isEmpty() || !adapterImages.isEmpty() || perturbed;
    return source instanceof PictureSource.Edited
        || (searches && source instanceof PictureSource.Noise);
  }

  /**
   * Between UNet and decoder; diffusers' ControlNet inpainting passes over mean and std, and so
   * does its pipeline with T2I-Adapters.
   */
  LatentScale decoding(LatentScale scale) {
    boolean inpaints = !controls.isEmpty() && source instanceof PictureSource.Masked;
    return inpaints || !adapterImages.isEmpty() ? scale.factorOnly() : scale;
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

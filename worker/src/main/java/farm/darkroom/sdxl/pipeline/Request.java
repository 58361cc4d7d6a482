package farm.darkroom.sdxl.pipeline;

import farm.darkroom.sdxl.text.Prompts;

/**
 * One picture, asked of a pipeline.
 *
 * @param size of the picture, in pixels, multiples of 8
 * @param source what it starts from
 */
public record Request(
    Prompts prompts, Sampling sampling, Size size, MicroConditioning sizes, PictureSource source) {

  /** Text to image with defaults. */
  public static Request of(String prompt, Sampling sampling, Size size) {
    return new Request(
        Prompts.of(prompt), sampling, size, MicroConditioning.DEFAULT, new PictureSource.Noise());
  }
}

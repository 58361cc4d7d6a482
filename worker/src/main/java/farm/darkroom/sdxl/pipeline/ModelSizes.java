package farm.darkroom.sdxl.pipeline;

import farm.darkroom.sdxl.vae.Size;

/**
 * What sizes a model's pictures have.
 *
 * @param sampleSize the side of the default latents
 * @param vaeScaleFactor pixels for one of the latents, along each side
 */
public record ModelSizes(int sampleSize, int vaeScaleFactor) {

  /** The size that the model was made for, in pixels. */
  public Size standard() {
    int side = sampleSize * vaeScaleFactor;
    return new Size(side, side);
  }

  /**
   * The size at which a picture is worked on that gives its own: down to whole latents, none if it
   * is too small.
   */
  public Size within(Size picture) {
    return new Size(down(picture.height()), down(picture.width()));
  }

  /** Those of pictures whose latents have to be halved to whole ones. */
  public ModelSizes halved() {
    return new ModelSizes(sampleSize / 2, 2 * vaeScaleFactor);
  }

  private int down(int side) {
    return side / vaeScaleFactor * vaeScaleFactor;
  }
}

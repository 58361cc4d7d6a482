package farm.darkroom.sdxl.pipeline;

import farm.darkroom.sdxl.SdxlException;
import farm.darkroom.sdxl.vae.Box;
import farm.darkroom.sdxl.vae.Raster;
import farm.darkroom.sdxl.vae.Size;
import farm.darkroom.sdxl.vae.VaeImageProcessor;
import java.util.Optional;
import java.util.OptionalInt;

/** What a picture starts from: noise, another picture, both, or latents. */
public sealed interface PictureSource {

  /** Noise alone: text to image. */
  record Noise() implements PictureSource {}

  /** A picture of which {@code strength} is made anew. */
  sealed interface Changed extends PictureSource {
    Raster image();

    /** How far the picture is changed: 0 keeps it, 1 ignores it. */
    double strength();
  }

  /**
   * A picture, changed by {@code strength}.
   *
   * @param image of any size; it is resized to the request's
   */
  record Picture(Raster image, double strength) implements Changed {}

  /**
   * A picture of which the masked part is repainted.
   *
   * @param mask white is painted, black is kept
   * @param paddingMaskCrop pixels around the mask's bounding box that the model sees
   */
  record Masked(Raster image, Raster mask, double strength, OptionalInt paddingMaskCrop)
      implements Changed {

    /**
     * The part that the model works on, if it is not all. The painted part is laid over the picture
     * by the mask, whose size is better looked at now than after the loop.
     *
     * @param work the size that the model works at
     * @throws SdxlException for a crop by a mask of another size than the picture, or by one that
     *     is all black
     */
    Optional<Box> crop(Size work) {
      if (paddingMaskCrop.isEmpty()) {
        return Optional.empty();
      }
      if (!mask.size().equals(image.size())) {
        throw new SdxlException(
            "padding_mask_crop: the mask is %d x %d, the picture %d x %d; both must be of one size"
                .formatted(mask.width(), mask.height(), image.width(), image.height()));
      }
      return Optional.of(VaeImageProcessor.cropRegion(mask, work, paddingMaskCrop.getAsInt()));
    }
  }

  /**
   * Noise, beside a picture that the model sees in every step: editing by instruction.
   *
   * @param image of any size; it is resized to the request's
   */
  record Edited(Raster image) implements PictureSource {}

  /**
   * Latents that another model handed over, float32 {@code [1, 4, height/8, width/8]} row-major.
   *
   * @param values as {@link Denoising#values} gives them
   */
  @SuppressWarnings("ArrayRecordComponent") // numbers are handed over, never compared
  record Latents(float[] values) implements PictureSource {}

  /**
   * Latents that another model handed over while it inpainted; the kept part stays kept.
   *
   * @param values as {@link Latents} has them
   * @param masked what that model started from
   */
  @SuppressWarnings("ArrayRecordComponent") // numbers are handed over, never compared
  record MaskedLatents(float[] values, Masked masked) implements PictureSource {}
}

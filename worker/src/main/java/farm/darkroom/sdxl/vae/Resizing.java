package farm.darkroom.sdxl.vae;

import farm.darkroom.sdxl.SdxlException;
import java.util.Optional;

/**
 * How a picture of any size is brought to the model's size.
 *
 * @param size of the result
 * @param crop the part that is taken, if not all
 */
public record Resizing(Size size, ResizeMode mode, Optional<Box> crop) {
  private static final int THINNEST = 200;

  /** The whole picture, stretched. */
  public static Resizing stretched(Size size) {
    return new Resizing(size, ResizeMode.DEFAULT, Optional.empty());
  }

  /** A part of the picture, filled up: what inpainting with {@code padding_mask_crop} does. */
  public static Resizing cropped(Size size, Box box) {
    return new Resizing(size, ResizeMode.FILL, Optional.of(box));
  }

  /**
   * The middle of a picture as transformers' CLIPImageProcessor cuts it out: its shorter side
   * becomes {@code side} pixels by Pillow's bicubic filter.
   *
   * @return RGB, {@code side} by {@code side}
   * @throws SdxlException for a picture that is so thin that this needs too much memory
   */
  public static Raster middle(Raster picture, int side) {
    int shorter = Math.min(picture.height(), picture.width());
    if (Math.max(picture.height(), picture.width()) > THINNEST * shorter) {
      throw new SdxlException(
          "a picture of %d x %d pixels; allowed: at most %d times as long as wide"
              .formatted(picture.width(), picture.height(), THINNEST));
    }
    Size outside = new Size(side * picture.height() / shorter, side * picture.width() / shorter);
    int left = (outside.width() - side) / 2;
    int top = (outside.height() - side) / 2;
    return Resampling.resize(picture.rgb(), outside, ResampleFilter.BICUBIC)
        .crop(new Box(left, top, left + side, top + side));
  }

  Raster apply(Raster raster) {
    return mode.resize(crop.map(raster::crop).orElse(raster), size);
  }
}

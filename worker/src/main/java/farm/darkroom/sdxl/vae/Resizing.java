package farm.darkroom.sdxl.vae;

import java.util.Optional;

/**
 * How a picture of any size is brought to the model's size.
 *
 * @param size of the result
 * @param crop the part that is taken, if not all
 */
public record Resizing(Size size, ResizeMode mode, Optional<Box> crop) {

  /** The whole picture, stretched. */
  public static Resizing stretched(Size size) {
    return new Resizing(size, ResizeMode.DEFAULT, Optional.empty());
  }

  /** A part of the picture, filled up: what inpainting with {@code padding_mask_crop} does. */
  public static Resizing cropped(Size size, Box box) {
    return new Resizing(size, ResizeMode.FILL, Optional.of(box));
  }

  Raster apply(Raster raster) {
    return mode.resize(crop.map(raster::crop).orElse(raster), size);
  }
}

package farm.darkroom.sdxl.vae;

import java.util.Optional;

/**
 * How a picture of any size becomes one that a model works on.
 *
 * @param height in pixels, of the result
 * @param width in pixels, of the result
 * @param crop the part that is taken, if not all
 */
public record Resizing(int height, int width, ResizeMode mode, Optional<Box> crop) {

  /** The whole picture, stretched. */
  public static Resizing stretched(int height, int width) {
    return new Resizing(height, width, ResizeMode.DEFAULT, Optional.empty());
  }

  /** A part of the picture, filled up: what inpainting with {@code padding_mask_crop} does. */
  public static Resizing cropped(int height, int width, Box box) {
    return new Resizing(height, width, ResizeMode.FILL, Optional.of(box));
  }

  Raster apply(Raster raster) {
    return mode.resize(crop.map(raster::crop).orElse(raster), width, height);
  }
}

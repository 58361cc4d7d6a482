package farm.darkroom.sdxl.vae;

import farm.darkroom.sdxl.SdxlException;

/**
 * Resizing, to the byte as Pillow's {@code Image.resize} does it for 8-bit pictures: first along
 * rows, then along columns, each rounded to bytes; alpha is multiplied in before and out after.
 */
final class Resampling {
  private Resampling() {}

  /** The whole picture in another size. */
  static Raster resize(Raster raster, int width, int height, ResampleFilter filter) {
    if (width == raster.width() && height == raster.height()) {
      return raster;
    }
    return resize(raster, width, height, filter, new Box(0, 0, raster.width(), raster.height()));
  }

  /** A box of the picture, which may have no width or height: its edge is then stretched. */
  static Raster resize(Raster raster, int width, int height, ResampleFilter filter, Box box) {
    if (width < 1 || height < 1) {
      throw new SdxlException(
          "a picture of %d x %d cannot become %d x %d"
              .formatted(raster.width(), raster.height(), width, height));
    }
    if (raster.channels() == 4) {
      return Alpha.straight(resample(Alpha.premultiplied(raster), width, height, filter, box));
    }
    return resample(raster, width, height, filter, box);
  }

  private static Raster resample(
      Raster raster, int width, int height, ResampleFilter filter, Box box) {
    Raster wide = raster;
    if (width != raster.width() || box.left() != 0 || box.right() != width) {
      wide = rows(raster, ResampleAxis.of(filter, raster.width(), box.left(), box.right(), width));
    }
    if (height == raster.height() && box.top() == 0 && box.bottom() == height) {
      return wide;
    }
    return columns(wide, ResampleAxis.of(filter, raster.height(), box.top(), box.bottom(), height));
  }

  private static Raster rows(Raster raster, ResampleAxis axis) {
    int channels = raster.channels();
    Raster out = Raster.blank(axis.size(), raster.height(), channels);
    int at = 0;
    for (int y = 0; y < raster.height(); y++) {
      for (int x = 0; x < axis.size(); x++) {
        for (int c = 0; c < channels; c++) {
          int start = y * raster.width() * channels + c;
          out.samples()[at++] = axis.sample(x, raster.samples(), start, channels);
        }
      }
    }
    return out;
  }

  private static Raster columns(Raster raster, ResampleAxis axis) {
    int row = raster.width() * raster.channels();
    Raster out = Raster.blank(raster.width(), axis.size(), raster.channels());
    int at = 0;
    for (int y = 0; y < axis.size(); y++) {
      for (int x = 0; x < row; x++) {
        out.samples()[at++] = axis.sample(y, raster.samples(), x, row);
      }
    }
    return out;
  }
}

package farm.darkroom.sdxl.vae;

import farm.darkroom.sdxl.SdxlException;
import java.util.function.UnaryOperator;

/**
 * Resizing, to the byte as Pillow's {@code Image.resize} does it for 8-bit pictures: along rows and
 * along columns, each rounded to bytes; alpha is multiplied in before and out after.
 */
final class Resampling {
  private Resampling() {}

  /** The whole picture in another size. */
  static Raster resize(Raster raster, Size size, ResampleFilter filter) {
    if (size.equals(raster.size())) {
      return raster;
    }
    return resize(raster, size, filter, new Box(0, 0, raster.width(), raster.height()));
  }

  /** A box of the picture, which may have no width or height: its edge is then stretched. */
  static Raster resize(Raster raster, Size size, ResampleFilter filter, Box box) {
    if (size.width() < 1 || size.height() < 1) {
      throw new SdxlException(
          "a picture of %d x %d cannot become %d x %d"
              .formatted(raster.width(), raster.height(), size.width(), size.height()));
    }
    if (raster.channels() == 4) {
      return AlphaBlend.straight(resample(AlphaBlend.premultiplied(raster), size, filter, box));
    }
    return resample(raster, size, filter, box);
  }

  private static Raster resample(Raster raster, Size size, ResampleFilter filter, Box box) {
    int width = size.width();
    int height = size.height();
    UnaryOperator<Raster> rows = UnaryOperator.identity();
    if (width != raster.width() || box.left() != 0 || box.right() != width) {
      ResampleAxis axis = ResampleAxis.of(filter, raster.width(), box.left(), box.right(), width);
      rows = r -> rows(r, axis);
    }
    UnaryOperator<Raster> columns = UnaryOperator.identity();
    if (height != raster.height() || box.top() != 0 || box.bottom() != height) {
      ResampleAxis axis = ResampleAxis.of(filter, raster.height(), box.top(), box.bottom(), height);
      columns = r -> columns(r, axis);
    }
    return columnsFirst(raster, size)
        ? rows.apply(columns.apply(raster))
        : columns.apply(rows.apply(raster));
  }

  /** Pillow's rule since version 13, which shows in the last bit where both passes round. */
  private static boolean columnsFirst(Raster raster, Size size) {
    int lower = raster.height() - size.height();
    return lower > 0 && lower > 2 * (raster.width() - size.width());
  }

  private static Raster rows(Raster raster, ResampleAxis axis) {
    int channels = raster.channels();
    Raster out = Raster.blank(new Size(raster.height(), axis.size()), channels);
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
    Raster out = Raster.blank(new Size(axis.size(), raster.width()), raster.channels());
    int at = 0;
    for (int y = 0; y < axis.size(); y++) {
      for (int x = 0; x < row; x++) {
        out.samples()[at++] = axis.sample(y, raster.samples(), x, row);
      }
    }
    return out;
  }
}

package farm.darkroom.worker.picture;

import java.awt.image.Raster;

/**
 * How a four-channel JPEG encodes CMYK. Samples are inverted, as Adobe writes them and PIL reads
 * them.
 */
enum CmykEncoding {
  CMYK,
  /** The first three as YCbCr of their inverse, as RGB is coded. */
  YCCK;

  private static final int CHANNELS = 4;
  private static final int HALF = 1 << 15;

  /**
   * To RGB as {@code convert("RGB")} of PIL, whether or not the file says that it is Adobe's.
   *
   * @param stored four channels, as the file has them
   */
  Picture rgb(Raster stored) {
    int width = stored.getWidth();
    int height = stored.getHeight();
    int[] row = new int[CHANNELS * width];
    byte[] rgb = new byte[3 * width * height];
    for (int y = 0; y < height; y++) {
      stored.getPixels(stored.getMinX(), stored.getMinY() + y, width, 1, row);
      if (this == YCCK) {
        invert(row);
      }
      convert(row, rgb, 3 * width * y);
    }
    return new Picture(width, height, rgb);
  }

  /** From CMYK. */
  private static void convert(int[] row, byte[] rgb, int to) {
    for (int x = 0; x < row.length / CHANNELS; x++) {
      int light = row[CHANNELS * x + 3];
      for (int c = 0; c < 3; c++) {
        int ink = 255 - row[CHANNELS * x + c];
        rgb[to + 3 * x + c] = (byte) Math.max(0, light - product(ink, light));
      }
    }
  }

  /** To CMYK, in place, by libjpeg's integers (jdcolor.c: {@code ycck_cmyk_convert}). */
  private static void invert(int[] row) {
    for (int at = 0; at < row.length; at += CHANNELS) {
      int y = row[at];
      int cb = row[at + 1] - 128;
      int cr = row[at + 2] - 128;
      row[at] = 255 - clamped(y + ((91881 * cr + HALF) >> 16));
      row[at + 1] = 255 - clamped(y + ((-22554 * cb - 46802 * cr + HALF) >> 16));
      row[at + 2] = 255 - clamped(y + ((116130 * cb + HALF) >> 16));
    }
  }

  private static int clamped(int value) {
    return Math.max(0, Math.min(255, value));
  }

  /** The product of two fractions of 255, rounded as PIL does. */
  private static int product(int a, int b) {
    int product = a * b + 128;
    return ((product >> 8) + product) >> 8;
  }
}

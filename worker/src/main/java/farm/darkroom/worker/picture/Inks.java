package farm.darkroom.worker.picture;

import java.awt.image.Raster;

/** How a JPEG codes four inks. Samples are what the inks leave: Adobe's polarity, as in PIL. */
enum Inks {
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
    int[] samples =
        stored.getPixels(stored.getMinX(), stored.getMinY(), width, height, (int[]) null);
    byte[] rgb = new byte[3 * width * height];
    for (int i = 0; i < width * height; i++) {
      int from = CHANNELS * i;
      int light = samples[from + 3];
      int[] left = this == YCCK ? inverse(samples, from) : samples;
      for (int c = 0; c < 3; c++) {
        int ink = 255 - left[this == YCCK ? c : from + c];
        rgb[3 * i + c] = (byte) Math.max(0, light - product(ink, light));
      }
    }
    return new Picture(width, height, rgb);
  }

  /** libjpeg's integers (jdcolor.c: {@code ycck_cmyk_convert}). */
  private static int[] inverse(int[] samples, int from) {
    int y = samples[from];
    int cb = samples[from + 1] - 128;
    int cr = samples[from + 2] - 128;
    return new int[] {
      255 - clamped(y + ((91881 * cr + HALF) >> 16)),
      255 - clamped(y + ((-22554 * cb - 46802 * cr + HALF) >> 16)),
      255 - clamped(y + ((116130 * cb + HALF) >> 16))
    };
  }

  private static int clamped(int value) {
    return Math.max(0, Math.min(255, value));
  }

  /** Of two shares of 255, rounded as PIL does it. */
  private static int product(int a, int b) {
    int product = a * b + 128;
    return ((product >> 8) + product) >> 8;
  }
}

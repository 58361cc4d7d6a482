package farm.darkroom.sdxl.vae;

/**
 * Pillow's {@code ImageFilter.GaussianBlur}: three box blurs of a fractional radius along rows,
 * then along columns (Gwosdek et al., "Theoretical Foundations of Gaussian Convolution by Extended
 * Box Filtering", 2011), with its float32 radius and 24-bit fixed point.
 */
final class GaussianBlur {
  private static final int PASSES = 3;
  private static final int ONE = 1 << 24;

  private final int radius;
  private final int inner;
  private final int outer;

  private GaussianBlur(float box) {
    radius = (int) box;
    inner = (int) (ONE / (box * 2 + 1));
    outer = (ONE - (radius * 2 + 1) * inner) / 2;
  }

  /**
   * @param radius the Gaussian's standard deviation in pixels; 0 changes nothing
   */
  static Raster apply(Raster raster, float radius) {
    if (radius == 0) {
      return raster;
    }
    GaussianBlur blur = new GaussianBlur(boxRadius(radius));
    int channels = raster.channels();
    int row = raster.width() * channels;
    byte[] samples = raster.samples().clone();
    for (int y = 0; y < raster.height(); y++) {
      for (int c = 0; c < channels; c++) {
        blur.line(samples, y * row + c, channels, raster.width());
      }
    }
    for (int x = 0; x < row; x++) {
      blur.line(samples, x, row, raster.height());
    }
    return new Raster(raster.width(), raster.height(), channels, samples);
  }

  private static float boxRadius(float radius) {
    float variance = radius * radius / PASSES;
    float length = (float) Math.sqrt(12.0 * variance + 1.0);
    float whole = (float) Math.floor((length - 1.0) / 2.0);
    float part = (2 * whole + 1) * (whole * (whole + 1) - 3 * variance);
    part /= 6 * (variance - (whole + 1) * (whole + 1));
    return whole + part;
  }

  private void line(byte[] samples, int start, int stride, int length) {
    int[] line = new int[length];
    for (int i = 0; i < length; i++) {
      line[i] = samples[start + i * stride] & 0xFF;
    }
    for (int pass = 0; pass < PASSES; pass++) {
      line = box(line);
    }
    for (int i = 0; i < length; i++) {
      samples[start + i * stride] = (byte) line[i];
    }
  }

  /** One box blur; past its ends a line goes on as it ended. */
  private int[] box(int[] line) {
    int last = line.length - 1;
    int[] out = new int[line.length];
    int sum = 0;
    for (int i = -radius; i <= radius; i++) {
      sum += line[Math.min(Math.max(i, 0), last)];
    }
    for (int i = 0; i <= last; i++) {
      int before = line[Math.max(i - radius - 1, 0)];
      int after = line[Math.min(i + radius + 1, last)];
      out[i] = sum * inner + (before + after) * outer + (1 << 23) >>> 24;
      sum += after - line[Math.max(i - radius, 0)];
    }
    return out;
  }
}

package farm.darkroom.sdxl.vae;

import farm.darkroom.sdxl.SdxlException;

/**
 * A picture of bytes, row by row from the top left, channels interleaved: 1 is grey, 3 RGB, 4 RGBA
 * with straight alpha. The array is not copied, neither in nor out: the caller hands it over.
 */
public final class Raster {
  private final Size size;
  private final int channels;
  private final byte[] samples;

  /**
   * @param samples {@code height * width * channels} bytes
   */
  public Raster(Size size, int channels, byte[] samples) {
    if (channels != 1 && channels != 3 && channels != 4) {
      throw new SdxlException("a raster has 1, 3 or 4 channels, not " + channels);
    }
    int height = size.height();
    int width = size.width();
    if (width < 1 || height < 1 || (long) width * height * channels != samples.length) {
      throw new SdxlException(
          "a raster of %d x %d x %d does not fit %d bytes"
              .formatted(width, height, channels, samples.length));
    }
    this.size = size;
    this.channels = channels;
    this.samples = samples;
  }

  /** A black raster, transparent if it has an alpha channel. */
  static Raster blank(Size size, int channels) {
    return new Raster(size, channels, new byte[size.height() * size.width() * channels]);
  }

  public Size size() {
    return size;
  }

  public int width() {
    return size.width();
  }

  public int height() {
    return size.height();
  }

  public int channels() {
    return channels;
  }

  /** The bytes themselves, {@code [height, width, channels]}. */
  public byte[] samples() {
    return samples;
  }

  /** The picture in RGB; alpha is dropped, grey goes to all three. */
  public Raster rgb() {
    if (channels == 3) {
      return this;
    }
    Raster out = blank(size, 3);
    for (int i = 0; i < width() * height(); i++) {
      for (int c = 0; c < 3; c++) {
        out.samples[3 * i + c] = samples[channels * i + (channels == 1 ? 0 : c)];
      }
    }
    return out;
  }

  /** The picture in grey: ITU-R 601 luma in Pillow's 16-bit fixed point; alpha is dropped. */
  public Raster gray() {
    if (channels == 1) {
      return this;
    }
    Raster out = blank(size, 1);
    for (int i = 0; i < width() * height(); i++) {
      out.samples[i] = luma(channels * i);
    }
    return out;
  }

  private byte luma(int at) {
    int red = samples[at] & 0xFF;
    int green = samples[at + 1] & 0xFF;
    int blue = samples[at + 2] & 0xFF;
    return (byte) ((red * 19595 + green * 38470 + blue * 7471 + 0x8000) >> 16);
  }

  /** The picture in RGBA, opaque where it had no alpha. */
  Raster rgba() {
    if (channels == 4) {
      return this;
    }
    Raster rgb = rgb();
    Raster out = blank(size, 4);
    for (int i = 0; i < width() * height(); i++) {
      System.arraycopy(rgb.samples, 3 * i, out.samples, 4 * i, 3);
      out.samples[4 * i + 3] = (byte) 255;
    }
    return out;
  }

  /** What lies in {@code box}; black where that is outside. */
  Raster crop(Box box) {
    return blank(box.size(), channels).pasted(this, -box.left(), -box.top());
  }

  /**
   * This raster itself, with {@code part} put at (x, y) and clipped; for rasters not yet shared.
   *
   * @param part of the same number of channels
   */
  Raster pasted(Raster part, int x, int y) {
    int from = Math.max(x, 0);
    int length = (Math.min(x + part.width(), width()) - from) * channels;
    for (int row = Math.max(y, 0);
        length > 0 && row < Math.min(y + part.height(), height());
        row++) {
      System.arraycopy(
          part.samples,
          ((row - y) * part.width() + from - x) * channels,
          samples,
          (row * width() + from) * channels,
          length);
    }
    return this;
  }

  /** A sample, 0 to 255. */
  int at(int x, int y, int channel) {
    return samples[(y * width() + x) * channels + channel] & 0xFF;
  }
}

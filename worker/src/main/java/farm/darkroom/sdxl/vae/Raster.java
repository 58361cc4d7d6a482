package farm.darkroom.sdxl.vae;

import farm.darkroom.sdxl.SdxlException;

/**
 * A picture of bytes, row by row from the top left, channels interleaved: 1 is grey, 3 RGB, 4 RGBA
 * with straight alpha. The array is not copied, neither in nor out: who fills one hands it over.
 */
public final class Raster {
  private final int width;
  private final int height;
  private final int channels;
  private final byte[] samples;

  /**
   * @param samples {@code height * width * channels} bytes
   */
  public Raster(int width, int height, int channels, byte[] samples) {
    if (channels != 1 && channels != 3 && channels != 4) {
      throw new SdxlException("a raster has 1, 3 or 4 channels, not " + channels);
    }
    if (width < 1 || height < 1 || (long) width * height * channels != samples.length) {
      throw new SdxlException(
          "a raster of %d x %d x %d does not fit %d bytes"
              .formatted(width, height, channels, samples.length));
    }
    this.width = width;
    this.height = height;
    this.channels = channels;
    this.samples = samples;
  }

  /** A black raster, transparent if it has an alpha channel. */
  static Raster blank(int width, int height, int channels) {
    return new Raster(width, height, channels, new byte[width * height * channels]);
  }

  public int width() {
    return width;
  }

  public int height() {
    return height;
  }

  public int channels() {
    return channels;
  }

  /** The bytes themselves, {@code [height, width, channels]}. */
  public byte[] samples() {
    return samples;
  }

  /** A sample, 0 to 255. */
  int at(int x, int y, int channel) {
    return samples[(y * width + x) * channels + channel] & 0xFF;
  }
}

package farm.darkroom.worker;

import static java.util.Objects.requireNonNull;

/**
 * A picture in memory.
 *
 * @param rgb 8-bit RGB, rows from the top, {@code height * width * 3} bytes
 */
@SuppressWarnings("ArrayRecordComponent") // pixels are handed over, never compared or changed
public record Picture(int width, int height, byte[] rgb) implements Output {

  public Picture {
    requireNonNull(rgb, "rgb");
    if (rgb.length != width * height * 3) {
      throw new IllegalArgumentException(
          "%d bytes for a picture of %d x %d".formatted(rgb.length, width, height));
    }
  }
}

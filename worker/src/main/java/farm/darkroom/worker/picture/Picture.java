package farm.darkroom.worker.picture;

/**
 * An RGB picture of eight bits per sample.
 *
 * @param rgb {@code [height, width, 3]}, row by row from the top; not copied
 */
@SuppressWarnings("ArrayRecordComponent") // bytes are handed over, never compared
public record Picture(int width, int height, byte[] rgb) {

  public Picture {
    if (width < 1 || height < 1 || rgb.length != 3L * width * height) {
      throw new IllegalArgumentException(
          "%d x %d pixels need 3 bytes each, found %d".formatted(width, height, rgb.length));
    }
  }
}

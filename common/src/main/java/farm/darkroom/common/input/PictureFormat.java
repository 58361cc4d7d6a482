package farm.darkroom.common.input;

import static java.nio.charset.StandardCharsets.ISO_8859_1;

import farm.darkroom.common.FarmException;
import java.util.Optional;

/**
 * The picture formats accepted as init images. They are recognised by their first bytes, never by
 * the file's name.
 */
public enum PictureFormat {
  PNG("\u0089PNG\r\n\u001a\n"),
  JPEG("\u00ff\u00d8\u00ff"),
  BMP("BM"),
  GIF("GIF8");

  private final String start;

  PictureFormat(String start) {
    this.start = start;
  }

  /**
   * The format of a picture.
   *
   * @throws FarmException INVALID_JOB that says what else the bytes are
   */
  public static PictureFormat of(byte[] bytes) {
    return known(bytes)
        .orElseThrow(
            () ->
                FarmException.invalidJob(
                    found(start(bytes)) + ", allowed: PNG, JPEG, BMP and GIF (convert it first)"));
  }

  static Optional<PictureFormat> known(byte[] bytes) {
    String start = start(bytes);
    for (PictureFormat format : values()) {
      if (start.startsWith(format.start)) {
        return Optional.of(format);
      }
    }
    return Optional.empty();
  }

  private static String start(byte[] bytes) {
    return new String(bytes, 0, Math.min(12, bytes.length), ISO_8859_1);
  }

  private static String found(String start) {
    if (start.startsWith("RIFF") && start.endsWith("WEBP")) {
      return "it is a WebP picture";
    }
    if (start.startsWith("II*\0") || start.startsWith("MM\0*")) {
      return "it is a TIFF picture";
    }
    if (start.startsWith("ftyp", 4)) {
      return "it is an AVIF or HEIF picture, or a video";
    }
    return start.isEmpty() ? "it is empty" : "it is no picture of a known format";
  }
}

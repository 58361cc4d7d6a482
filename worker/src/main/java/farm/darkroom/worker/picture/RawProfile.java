package farm.darkroom.worker.picture;

import static java.nio.charset.StandardCharsets.ISO_8859_1;

import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.util.HexFormat;
import java.util.Map;
import java.util.Optional;
import java.util.zip.InflaterInputStream;

/**
 * EXIF as ImageMagick writes it into a PNG: a text chunk of an empty line, its kind, its length,
 * and lines of hexadecimal digits, compressed or not.
 */
final class RawProfile {
  private static final String EXIF = "Raw profile type exif";
  private static final String LINE = "\n";
  private static final int HEAD = 3;

  /** As in Pillow. */
  private static final int LONGEST = 1 << 20;

  private RawProfile() {}

  /** What the chunk has; empty for any other, and where it cannot be read. */
  static Optional<byte[]> exif(PngChunk chunk) {
    try {
      return text(chunk).flatMap(RawProfile::digits).map(HexFormat.of()::parseHex);
    } catch (IllegalArgumentException | IOException e) {
      return Optional.empty();
    }
  }

  private static Optional<String> text(PngChunk chunk) throws IOException {
    return chunk.type().equals("zTXt")
        ? inflated(chunk.body())
        : PngText.decode(chunk).filter(text -> text.getKey().equals(EXIF)).map(Map.Entry::getValue);
  }

  /** Keyword, 0, method, zlib's stream. */
  private static Optional<String> inflated(byte[] body) throws IOException {
    int head = EXIF.length() + 2;
    if (body.length <= head || !new String(body, 0, head - 1, ISO_8859_1).equals(EXIF + '\0')) {
      return Optional.empty();
    }
    ByteArrayInputStream stream = new ByteArrayInputStream(body, head, body.length - head);
    try (InflaterInputStream in = new InflaterInputStream(stream)) {
      return Optional.of(new String(in.readNBytes(LONGEST), ISO_8859_1));
    }
  }

  private static Optional<String> digits(String text) {
    String[] lines = text.split(LINE, HEAD + 1);
    return lines.length > HEAD ? Optional.of(lines[HEAD].replaceAll("\\s", "")) : Optional.empty();
  }
}

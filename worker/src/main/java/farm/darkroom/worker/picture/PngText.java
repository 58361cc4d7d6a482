package farm.darkroom.worker.picture;

import static java.nio.charset.StandardCharsets.ISO_8859_1;
import static java.nio.charset.StandardCharsets.UTF_8;

import java.io.ByteArrayOutputStream;
import java.util.Map;
import java.util.Optional;

/**
 * Text in PNG files: {@code tEXt} where Latin-1 can say it, {@code iTXt} otherwise, never
 * compressed (PNG specification, section 11.3.3).
 */
final class PngText {
  private static final int LONGEST_KEYWORD = 79;

  private PngText() {}

  static PngChunk encode(String keyword, String text) {
    checkKeyword(keyword);
    String stored = text.replace('\0', '\uFFFD');
    ByteArrayOutputStream body = new ByteArrayOutputStream();
    body.writeBytes(keyword.getBytes(ISO_8859_1));
    body.write(0);
    if (stored.chars().allMatch(PngText::isLatin1)) {
      body.writeBytes(stored.getBytes(ISO_8859_1));
      return new PngChunk("tEXt", body.toByteArray());
    }
    body.writeBytes(new byte[4]);
    body.writeBytes(stored.getBytes(UTF_8));
    return new PngChunk("iTXt", body.toByteArray());
  }

  /** Keyword and text of a text chunk; empty for other chunks and for compressed text. */
  static Optional<Map.Entry<String, String>> decode(PngChunk chunk) {
    return switch (chunk.type()) {
      case "tEXt" -> split(chunk.body(), 0, 0).map(at -> latin1(chunk.body(), at));
      case "iTXt" -> international(chunk.body());
      default -> Optional.empty();
    };
  }

  private static Map.Entry<String, String> latin1(byte[] body, int end) {
    return Map.entry(
        new String(body, 0, end, ISO_8859_1),
        new String(body, end + 1, body.length - end - 1, ISO_8859_1));
  }

  /** Keyword, 0, compressed, method, language, 0, translated keyword, 0, text. */
  private static Optional<Map.Entry<String, String>> international(byte[] body) {
    Optional<Integer> keyword = split(body, 0, 2);
    if (keyword.isEmpty() || body[keyword.get() + 1] != 0) {
      return Optional.empty();
    }
    return split(body, keyword.get() + 3, 0)
        .flatMap(language -> split(body, language + 1, 0))
        .map(
            translated ->
                Map.entry(
                    new String(body, 0, keyword.get(), ISO_8859_1),
                    new String(body, translated + 1, body.length - translated - 1, UTF_8)));
  }

  /** Where the next zero is, if {@code after} more bytes follow it. */
  private static Optional<Integer> split(byte[] body, int from, int after) {
    for (int i = from; i < body.length - after; i++) {
      if (body[i] == 0) {
        return Optional.of(i);
      }
    }
    return Optional.empty();
  }

  private static boolean isLatin1(int c) {
    return c == '\n' || (c >= 0x20 && c < 0x7f) || (c >= 0xa0 && c <= 0xff);
  }

  private static void checkKeyword(String keyword) {
    boolean fits = !keyword.isBlank() && keyword.length() <= LONGEST_KEYWORD;
    if (!fits || !keyword.chars().allMatch(c -> c != '\n' && isLatin1(c))) {
      throw new IllegalArgumentException("no PNG keyword: '" + keyword + "'");
    }
  }
}

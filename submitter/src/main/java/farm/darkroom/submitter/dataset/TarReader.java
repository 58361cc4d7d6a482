package farm.darkroom.submitter.dataset;

import static java.nio.charset.StandardCharsets.US_ASCII;

import java.io.IOException;
import java.io.InputStream;
import java.util.Optional;

/**
 * Reads tar files that {@link TarWriter} wrote. Any other content is treated as the end of a
 * truncated file.
 */
final class TarReader {
  private final InputStream in;

  TarReader(InputStream in) {
    this.in = in;
  }

  /**
   * Returns the next file; empty at the end, and where the archive is truncated or of another
   * format.
   */
  Optional<TarEntry> next() throws IOException {
    byte[] header = in.readNBytes(TarWriter.BLOCK);
    if (header.length < TarWriter.BLOCK || header[0] == 0) {
      return Optional.empty();
    }
    Optional<Integer> size = size(header);
    if (size.isEmpty()) {
      return Optional.empty();
    }
    byte[] bytes = in.readNBytes(size.get());
    int padding = TarWriter.padding(size.get());
    boolean whole = bytes.length == size.get() && in.readNBytes(padding).length == padding;
    return whole ? Optional.of(new TarEntry(name(header), bytes)) : Optional.empty();
  }

  static String name(byte[] header) {
    return text(header, 0, 100);
  }

  static Optional<Integer> size(byte[] header) {
    try {
      return Optional.of(Integer.parseUnsignedInt(text(header, 124, 12), 8)).filter(n -> n >= 0);
    } catch (NumberFormatException e) {
      return Optional.empty();
    }
  }

  private static String text(byte[] header, int offset, int length) {
    int end = offset;
    while (end < offset + length && header[end] != 0) {
      end++;
    }
    return new String(header, offset, end - offset, US_ASCII);
  }
}

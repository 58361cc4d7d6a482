package farm.darkroom.submitter.dataset;

import static java.nio.charset.StandardCharsets.US_ASCII;

import java.io.IOException;
import java.io.OutputStream;

/**
 * Writes plain files as POSIX ustar (IEEE 1003.1, pax: ustar interchange format). Owner, mode and
 * time are fixed, so the same files give the same archive.
 */
final class TarWriter {
  static final int BLOCK = 512;
  private static final int LONGEST_NAME = 100;
  private final OutputStream out;

  TarWriter(OutputStream out) {
    this.out = out;
  }

  void write(TarEntry entry) throws IOException {
    out.write(header(entry));
    out.write(entry.bytes());
    out.write(new byte[padding(entry.bytes().length)]);
  }

  /** Ends the archive with two empty blocks, as the format requires. */
  void finish() throws IOException {
    out.write(new byte[2 * BLOCK]);
  }

  static int padding(int size) {
    return (BLOCK - size % BLOCK) % BLOCK;
  }

  private static byte[] header(TarEntry entry) {
    if (entry.name().length() > LONGEST_NAME) {
      throw new IllegalArgumentException("too long for a tar name: " + entry.name());
    }
    byte[] header = new byte[BLOCK];
    put(header, 0, entry.name());
    put(header, 100, "0000644\0");
    put(header, 108, "0000000\0");
    put(header, 116, "0000000\0");
    put(header, 124, "%011o\0".formatted(entry.bytes().length));
    put(header, 136, "%011o\0".formatted(0));
    put(header, 148, "        ");
    put(header, 156, "0");
    put(header, 257, "ustar\00000");
    put(header, 148, "%06o\0 ".formatted(sum(header)));
    return header;
  }

  private static int sum(byte[] header) {
    int sum = 0;
    for (byte b : header) {
      sum += b & 0xff;
    }
    return sum;
  }

  private static void put(byte[] header, int offset, String text) {
    byte[] bytes = text.getBytes(US_ASCII);
    System.arraycopy(bytes, 0, header, offset, bytes.length);
  }
}

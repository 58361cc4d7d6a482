package farm.darkroom.worker.picture;

import static java.nio.charset.StandardCharsets.ISO_8859_1;

import farm.darkroom.common.FarmException;
import java.io.ByteArrayOutputStream;
import java.nio.ByteBuffer;
import java.util.Arrays;
import java.util.Iterator;
import java.util.NoSuchElementException;
import java.util.zip.CRC32;

/**
 * One chunk of a PNG file (PNG specification, section 5.3).
 *
 * @param type four letters, such as {@code tEXt}
 */
@SuppressWarnings("ArrayRecordComponent") // bytes are handed over, never compared
record PngChunk(String type, byte[] body) {
  private static final byte[] SIGNATURE = {(byte) 0x89, 'P', 'N', 'G', '\r', '\n', 0x1a, '\n'};
  private static final String END = "IEND";
  private static final int AROUND = 12;

  static void writeSignature(ByteArrayOutputStream out) {
    out.writeBytes(SIGNATURE);
  }

  /** Length, type, body, CRC over type and body. */
  void write(ByteArrayOutputStream out) {
    byte[] name = type.getBytes(ISO_8859_1);
    out.writeBytes(number(body.length));
    out.writeBytes(name);
    out.writeBytes(body);
    out.writeBytes(number((int) checksum(name, body)));
  }

  /**
   * The chunks of {@code png} in order, read as far as one iterates.
   *
   * @throws FarmException INVALID_JOB, at once or from the iterator, when it is no PNG, is cut off
   *     or has a chunk whose CRC is wrong
   */
  static Iterable<PngChunk> of(byte[] png) {
    return of(png, false);
  }

  /**
   * The same of a file that may end behind its pixels, without IEND or within it, as Pillow reads
   * it.
   */
  static Iterable<PngChunk> toThePixelsEnd(byte[] png) {
    return of(png, true);
  }

  private static Iterable<PngChunk> of(byte[] png, boolean endsWithPixels) {
    if (!startsAsPng(png)) {
      throw FarmException.invalidJob("no PNG: its signature is missing");
    }
    return () -> new Reader(ByteBuffer.wrap(png).position(SIGNATURE.length), endsWithPixels);
  }

  private static boolean startsAsPng(byte[] bytes) {
    return bytes.length > SIGNATURE.length
        && Arrays.equals(bytes, 0, SIGNATURE.length, SIGNATURE, 0, SIGNATURE.length);
  }

  private static byte[] number(int value) {
    return ByteBuffer.allocate(4).putInt(value).array();
  }

  private static long checksum(byte[] name, byte[] body) {
    CRC32 crc = new CRC32();
    crc.update(name);
    crc.update(body);
    return crc.getValue();
  }

  private static final class Reader implements Iterator<PngChunk> {
    private final ByteBuffer in;
    private final boolean endsWithPixels;
    private boolean hasPixels;
    private boolean ended;

    Reader(ByteBuffer in, boolean endsWithPixels) {
      this.in = in;
      this.endsWithPixels = endsWithPixels;
    }

    @Override
    public boolean hasNext() {
      return !ended;
    }

    @Override
    public PngChunk next() {
      if (ended) {
        throw new NoSuchElementException("after IEND");
      }
      boolean over = endsWithPixels && hasPixels && in.remaining() <= AROUND;
      PngChunk chunk = over ? new PngChunk(END, new byte[0]) : read();
      hasPixels |= chunk.type.equals("IDAT");
      ended = chunk.type.equals(END);
      return chunk;
    }

    private PngChunk read() {
      int length = in.remaining() < AROUND ? -1 : in.getInt();
      if (length < 0 || length > in.remaining() - 8) {
        throw FarmException.invalidJob("PNG is cut off after %d bytes".formatted(in.limit()));
      }
      byte[] name = new byte[4];
      byte[] body = new byte[length];
      in.get(name).get(body);
      if (in.getInt() != (int) checksum(name, body)) {
        throw FarmException.invalidJob(
            "PNG is damaged: wrong CRC of a chunk before byte %d".formatted(in.position()));
      }
      return new PngChunk(new String(name, ISO_8859_1), body);
    }
  }
}

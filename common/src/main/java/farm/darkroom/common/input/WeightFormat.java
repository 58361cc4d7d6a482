package farm.darkroom.common.input;

import static java.nio.charset.StandardCharsets.ISO_8859_1;

import farm.darkroom.common.FarmException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;

/**
 * The format of weights from outside: safetensors, that is 8 bytes of length (little-endian), so
 * long a JSON object, and the tensors.
 */
public final class WeightFormat {
  private static final int LENGTH = Long.BYTES;

  private WeightFormat() {}

  /**
   * Looks whether the bytes may be a safetensors file; its tensors are not looked at.
   *
   * @throws FarmException INVALID_JOB that says what else they are
   */
  public static void require(byte[] bytes) {
    if (!startsAsSafetensors(bytes)) {
      throw FarmException.invalidJob(found(bytes) + ", allowed: a safetensors file");
    }
    long header = headerLength(bytes);
    if (header > bytes.length - LENGTH) {
      throw FarmException.invalidJob(
          "it is cut off: found %d bytes, its header alone has %d".formatted(bytes.length, header));
    }
  }

  private static boolean startsAsSafetensors(byte[] bytes) {
    return bytes.length > LENGTH && bytes[LENGTH] == '{' && headerLength(bytes) > 1;
  }

  private static long headerLength(byte[] bytes) {
    return ByteBuffer.wrap(bytes).order(ByteOrder.LITTLE_ENDIAN).getLong();
  }

  private static String found(byte[] bytes) {
    String start = new String(bytes, 0, Math.min(12, bytes.length), ISO_8859_1);
    if (PictureFormat.known(bytes).isPresent()) {
      return "it is a picture (" + PictureFormat.known(bytes).get() + ")";
    }
    if (start.startsWith("PK") || start.startsWith("\u0080\u0002")) {
      return "it is a zip or pickle file, as PyTorch saves them (.pt, .bin, .ckpt)";
    }
    if (start.startsWith("version http")) {
      return "it is a pointer of Git LFS, not the file itself";
    }
    return start.isEmpty() ? "it is empty" : "it is no file of weights";
  }
}

package farm.darkroom.common.store;

import java.io.IOException;
import software.amazon.awssdk.http.AbortableInputStream;
import software.amazon.awssdk.services.s3.model.GetObjectResponse;

/**
 * One object as it came.
 *
 * @param bytes cut off one byte after the limit when {@code tooLarge}
 */
@SuppressWarnings("ArrayRecordComponent") // bytes are handed over, never compared
record Download(byte[] bytes, Stamp stamp, boolean tooLarge) {

  /** Reads at most {@code maxBytes} and hangs up on the rest. */
  static Download read(GetObjectResponse response, AbortableInputStream body, long maxBytes)
      throws IOException {
    Stamp stamp = Stamp.from(response.metadata());
    Long declared = response.contentLength();
    if (declared != null && declared > maxBytes) {
      body.abort();
      return new Download(new byte[0], stamp, true);
    }
    byte[] bytes = body.readNBytes((int) Math.min(maxBytes, Integer.MAX_VALUE - 9) + 1);
    boolean tooLarge = bytes.length > maxBytes;
    if (tooLarge) {
      body.abort();
    }
    return new Download(bytes, stamp, tooLarge);
  }

  /** Whether the bytes are those that were put, as far as the object tells. */
  boolean isWhole() {
    return stamp.matches(bytes);
  }
}

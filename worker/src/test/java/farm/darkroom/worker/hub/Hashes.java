package farm.darkroom.worker.hub;

import static java.nio.charset.StandardCharsets.UTF_8;

import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.HexFormat;

/** Hashes of bytes, as the hub states them. */
final class Hashes {
  private Hashes() {}

  static String sha256(byte[] bytes) {
    return HexFormat.of().formatHex(digest("SHA-256").digest(bytes));
  }

  static String git(byte[] bytes) {
    MessageDigest digest = digest("SHA-1");
    digest.update(("blob " + bytes.length + "\0").getBytes(UTF_8));
    return HexFormat.of().formatHex(digest.digest(bytes));
  }

  private static MessageDigest digest(String name) {
    try {
      return MessageDigest.getInstance(name);
    } catch (NoSuchAlgorithmException e) {
      throw new AssertionError(e);
    }
  }
}

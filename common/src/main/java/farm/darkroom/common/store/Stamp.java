package farm.darkroom.common.store;

import farm.darkroom.common.Sha256;
import java.util.Base64;
import java.util.HexFormat;
import java.util.Map;

/**
 * The metadata that identifies an object's writer and content.
 *
 * @param writer who put it; empty when another program did
 * @param sha256 of its bytes, in hexadecimal; empty when another program put it
 */
record Stamp(String writer, String sha256) {
  private static final String WRITER = "darkroom-writer";
  private static final String SHA256 = "darkroom-sha256";

  static Stamp of(String writer, byte[] bytes) {
    return new Stamp(writer, Sha256.hex(bytes));
  }

  static Stamp from(Map<String, String> metadata) {
    return new Stamp(metadata.getOrDefault(WRITER, ""), metadata.getOrDefault(SHA256, ""));
  }

  Map<String, String> metadata() {
    return Map.of(WRITER, writer, SHA256, sha256);
  }

  /** The digest as {@code x-amz-checksum-sha256} wants it. */
  String checksum() {
    return Base64.getEncoder().encodeToString(HexFormat.of().parseHex(sha256));
  }

  boolean matches(byte[] bytes) {
    return sha256.isEmpty() || sha256.equals(Sha256.hex(bytes));
  }
}

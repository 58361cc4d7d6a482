package farm.darkroom.worker.hub;

import farm.darkroom.common.DiskReason;
import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.HexFormat;

/** The checksum that the hub states for a file: SHA-256 for large files, git's SHA-1 for others. */
final class Checksum {
  private static final int BUFFER = 1 << 20;

  private Checksum() {}

  /** Whether {@code local} has the content of {@code file}. */
  static boolean fits(RemoteFile file, Path local) {
    return of(file, local).equals(file.blob());
  }

  /** The hash of {@code local}, of the kind that the hub states of {@code file}. */
  static String of(RemoteFile file, Path local) {
    MessageDigest digest = digest(file.sha256().isPresent() ? "SHA-256" : "SHA-1");
    try (InputStream in = Files.newInputStream(local)) {
      if (file.sha256().isEmpty()) {
        String header = "blob " + Files.size(local) + "\0";
        digest.update(header.getBytes(StandardCharsets.US_ASCII));
      }
      byte[] buffer = new byte[BUFFER];
      for (int count = in.read(buffer); count >= 0; count = in.read(buffer)) {
        digest.update(buffer, 0, count);
      }
      return HexFormat.of().formatHex(digest.digest());
    } catch (IOException e) {
      throw HubException.failed(local + ": cannot be read: " + DiskReason.of(e), e);
    }
  }

  private static MessageDigest digest(String name) {
    try {
      return MessageDigest.getInstance(name);
    } catch (NoSuchAlgorithmException e) {
      throw new AssertionError("every Java platform has " + name, e);
    }
  }
}

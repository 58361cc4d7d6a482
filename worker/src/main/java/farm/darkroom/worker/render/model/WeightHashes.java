package farm.darkroom.worker.render.model;

import farm.darkroom.common.FailureKind;
import farm.darkroom.common.FarmException;
import farm.darkroom.common.Sha256;
import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.FileTime;
import java.security.MessageDigest;
import java.util.HexFormat;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.regex.Pattern;

/**
 * SHA-256 of files of weights, computed once per file and again when it changed. A file of the
 * Hugging Face cache is a link to a blob that is named by its hash, which then is taken as it is.
 * Thread-safe.
 */
final class WeightHashes {
  private static final Pattern HASH = Pattern.compile("[0-9a-f]{64}");
  private static final int BUFFER = 1 << 20;
  private final Map<Version, String> known = new ConcurrentHashMap<>();

  private record Version(Path file, long size, FileTime modified) {}

  /**
   * In hexadecimal.
   *
   * @throws FarmException WORKER_UNFIT when the file cannot be read
   */
  String of(Path file) {
    try {
      Path real = file.toRealPath();
      String name = real.getFileName().toString();
      if (Files.isSymbolicLink(file) && HASH.matcher(name).matches()) {
        return name;
      }
      Version version = new Version(real, Files.size(real), Files.getLastModifiedTime(real));
      String hash = known.get(version);
      if (hash == null) {
        hash = compute(real);
        known.put(version, hash);
      }
      return hash;
    } catch (IOException e) {
      throw new FarmException(
          FailureKind.WORKER_UNFIT, file + ": cannot be read: " + e.getMessage(), e);
    }
  }

  private static String compute(Path file) throws IOException {
    MessageDigest digest = Sha256.digest();
    byte[] buffer = new byte[BUFFER];
    try (InputStream in = Files.newInputStream(file)) {
      for (int read = in.read(buffer); read >= 0; read = in.read(buffer)) {
        digest.update(buffer, 0, read);
      }
    }
    return HexFormat.of().formatHex(digest.digest());
  }
}

package farm.darkroom.worker.render.model;

import farm.darkroom.common.DiskReason;
import farm.darkroom.common.FailureKind;
import farm.darkroom.common.FarmException;
import farm.darkroom.common.Sha256;
import farm.darkroom.worker.render.inventory.KnownFiles;
import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.MessageDigest;
import java.util.HexFormat;
import java.util.regex.Pattern;

/**
 * SHA-256 of files of weights, computed once per file and again when it changed. A file of the
 * Hugging Face cache is a link to a blob that is named by its hash, which then is taken as it is.
 * Thread-safe.
 */
final class WeightHashes {
  private static final Pattern HASH = Pattern.compile("[0-9a-f]{64}");
  private static final int BUFFER = 1 << 20;
  private final KnownFiles<String> known = new KnownFiles<>();

  /**
   * In hexadecimal.
   *
   * @throws FarmException WORKER_UNFIT when the file cannot be read
   */
  String of(Path file) {
    try {
      Path real = file.toRealPath();
      String name = real.getFileName().toString();
      return Files.isSymbolicLink(file) && HASH.matcher(name).matches()
          ? name
          : known.get(real, WeightHashes::compute);
    } catch (IOException e) {
      throw new FarmException(
          FailureKind.WORKER_UNFIT, file + ": cannot be read: " + DiskReason.of(e), e);
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

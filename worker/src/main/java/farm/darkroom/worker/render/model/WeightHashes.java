package farm.darkroom.worker.render.model;

import farm.darkroom.common.DiskReason;
import farm.darkroom.common.FailureKind;
import farm.darkroom.common.FarmException;
import farm.darkroom.common.Sha256;
import farm.darkroom.worker.render.inventory.FileVersion;
import farm.darkroom.worker.render.inventory.KnownFiles;
import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.MessageDigest;
import java.util.HexFormat;
import java.util.Optional;
import java.util.function.Supplier;
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
   * A file that is open to be hashed: another that is moved over it since is not meant.
   *
   * @param size in bytes
   * @param hash gives the SHA-256 in hexadecimal, to one caller, and throws WORKER_UNFIT when the
   *     file cannot be read
   */
  record Pinned(long size, Supplier<String> hash) {}

  /**
   * Opens the file that lies there now.
   *
   * @throws FarmException WORKER_UNFIT when it cannot be opened
   */
  Pinned pin(Path file) {
    try {
      Path real = file.toRealPath();
      FileVersion version = FileVersion.of(real);
      return new Pinned(version.size(), hash(file, real, version));
    } catch (IOException e) {
      throw unreadable(file, e);
    }
  }

  private Supplier<String> hash(Path file, Path real, FileVersion version) throws IOException {
    String name = real.getFileName().toString();
    if (Files.isSymbolicLink(file) && HASH.matcher(name).matches()) {
      return () -> name;
    }
    Optional<String> before = known.find(real, version);
    if (before.isPresent()) {
      return before::get;
    }
    InputStream open = Files.newInputStream(real);
    return () -> {
      String hash = compute(file, open);
      known.put(real, version, hash);
      return hash;
    };
  }

  private static String compute(Path file, InputStream open) {
    MessageDigest digest = Sha256.digest();
    byte[] buffer = new byte[BUFFER];
    try (open) {
      for (int read = open.read(buffer); read >= 0; read = open.read(buffer)) {
        digest.update(buffer, 0, read);
      }
    } catch (IOException e) {
      throw unreadable(file, e);
    }
    return HexFormat.of().formatHex(digest.digest());
  }

  private static FarmException unreadable(Path file, IOException e) {
    return new FarmException(
        FailureKind.WORKER_UNFIT, file + ": cannot be read: " + DiskReason.of(e), e);
  }
}

package farm.darkroom.worker.render.model;

import static java.util.Objects.requireNonNull;

import farm.darkroom.common.DiskReason;
import farm.darkroom.common.FailureKind;
import farm.darkroom.common.FarmException;
import farm.darkroom.common.Sha256;
import farm.darkroom.worker.render.inventory.FileReadCache;
import farm.darkroom.worker.render.inventory.FileVersion;
import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.MessageDigest;
import java.util.HexFormat;
import java.util.Optional;
import java.util.function.Supplier;
import java.util.regex.Pattern;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * SHA-256 of files of weights, computed once per file and again when it changed. A file of the
 * Hugging Face cache is a link to a blob that is named by its hash, which then is taken as it is.
 * Thread-safe.
 */
final class WeightHashes {
  private static final Logger log = LoggerFactory.getLogger(WeightHashes.class);
  private static final Pattern HASH = Pattern.compile("[0-9a-f]{64}");
  private static final int BUFFER = 1 << 20;
  private final FileReadCache<String> known = new FileReadCache<>();
  private final Opener opener;

  /** Opens a file to be read. */
  @FunctionalInterface
  interface Opener {
    InputStream open(Path file) throws IOException;
  }

  /**
   * A file that is open to be hashed, even if another has been moved over it since.
   *
   * @param size in bytes
   * @param hash gives the SHA-256 in hexadecimal, to one caller, and throws WORKER_UNFIT when the
   *     file cannot be read
   * @param open what that reads; none where the hash is known
   */
  record Pinned(long size, Supplier<String> hash, Optional<InputStream> open)
      implements AutoCloseable {

    /** Whether it was hashed or not. */
    @Override
    public void close() {
      open.ifPresent(WeightHashes::close);
    }
  }

  WeightHashes() {
    this(Files::newInputStream);
  }

  WeightHashes(Opener opener) {
    this.opener = requireNonNull(opener, "opener");
  }

  /**
   * Opens the file that lies there now.
   *
   * @throws FarmException WORKER_UNFIT when it cannot be opened
   */
  Pinned pin(Path file) {
    try {
      Path real = file.toRealPath();
      return pin(file, real, FileVersion.of(real));
    } catch (IOException e) {
      throw unreadable(file, e);
    }
  }

  private Pinned pin(Path file, Path real, FileVersion version) throws IOException {
    String name = real.getFileName().toString();
    Optional<String> hash =
        Files.isSymbolicLink(file) && HASH.matcher(name).matches()
            ? Optional.of(name)
            : known.find(real, version);
    if (hash.isPresent()) {
      return new Pinned(version.size(), hash::get, Optional.empty());
    }
    InputStream open = opener.open(real);
    return new Pinned(version.size(), () -> compute(file, real, version, open), Optional.of(open));
  }

  private String compute(Path file, Path real, FileVersion version, InputStream open) {
    try {
      String hash = hash(open);
      known.put(real, version, hash);
      return hash;
    } catch (IOException e) {
      throw unreadable(file, e);
    }
  }

  private static String hash(InputStream open) throws IOException {
    MessageDigest digest = Sha256.digest();
    byte[] buffer = new byte[BUFFER];
    try (open) {
      for (int read = open.read(buffer); read >= 0; read = open.read(buffer)) {
        digest.update(buffer, 0, read);
      }
    }
    return HexFormat.of().formatHex(digest.digest());
  }

  private static void close(InputStream open) {
    try {
      open.close();
    } catch (IOException e) {
      log.debug("closing a file of weights: {}", e.toString());
    }
  }

  private static FarmException unreadable(Path file, IOException e) {
    return new FarmException(
        FailureKind.WORKER_UNFIT, file + ": cannot be read: " + DiskReason.of(e), e);
  }
}

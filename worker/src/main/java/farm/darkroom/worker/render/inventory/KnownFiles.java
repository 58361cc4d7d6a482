package farm.darkroom.worker.render.inventory;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.BasicFileAttributes;
import java.nio.file.attribute.FileTime;
import java.util.Map;
import java.util.Objects;
import java.util.concurrent.ConcurrentHashMap;

/**
 * What was read out of files, each of which is read again only when it changed. Of a file that was
 * written anew nothing old is kept. Thread-safe.
 */
public final class KnownFiles<T> {
  private final Map<Path, Known<T>> known = new ConcurrentHashMap<>();

  /**
   * @param key which file it is, where the system says: one that is moved over another may have its
   *     size and its time
   */
  private record Version(String key, long size, FileTime modified) {
    static Version of(Path file) throws IOException {
      BasicFileAttributes now = Files.readAttributes(file, BasicFileAttributes.class);
      return new Version(Objects.toString(now.fileKey()), now.size(), now.lastModifiedTime());
    }
  }

  private record Known<T>(Version version, T read) {}

  /** Reads something out of a file. */
  @FunctionalInterface
  public interface Reading<T> {
    /** Never null. */
    T of(Path file) throws IOException;
  }

  /**
   * What {@code reading} gives for the file as it is now.
   *
   * @throws IOException also when there is no such file
   */
  public T get(Path file, Reading<T> reading) throws IOException {
    Version version = Version.of(file);
    Known<T> before = known.get(file);
    if (before != null && before.version.equals(version)) {
      return before.read;
    }
    T read = reading.of(file);
    known.put(file, new Known<>(version, read));
    return read;
  }
}

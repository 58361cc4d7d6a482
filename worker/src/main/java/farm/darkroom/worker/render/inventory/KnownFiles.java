package farm.darkroom.worker.render.inventory;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.FileTime;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;

/**
 * What was read out of files, each of which is read again only when it changed. Of a file that was
 * written anew nothing old is kept. Thread-safe.
 */
public final class KnownFiles<T> {
  private final Map<Path, Known<T>> known = new ConcurrentHashMap<>();

  private record Known<T>(long size, FileTime modified, T read) {}

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
    long size = Files.size(file);
    FileTime modified = Files.getLastModifiedTime(file);
    Known<T> before = known.get(file);
    if (before != null && before.size == size && before.modified.equals(modified)) {
      return before.read;
    }
    T read = reading.of(file);
    known.put(file, new Known<>(size, modified, read));
    return read;
  }
}

package farm.darkroom.worker.render.inventory;

import java.io.IOException;
import java.nio.file.Path;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.ConcurrentHashMap;

/**
 * Caches what was read from files. A file that has changed is read again, and nothing of its former
 * content is kept. Thread-safe.
 */
public final class FileReadCache<T> {
  private final Map<Path, Known<T>> known = new ConcurrentHashMap<>();

  private record Known<T>(FileVersion version, T read) {}

  /** Reads something out of a file. */
  @FunctionalInterface
  public interface Reading<T> {
    /** Never null. */
    T of(Path file) throws IOException;
  }

  /**
   * The result of {@code reading} for the current content of the file.
   *
   * @throws IOException also when there is no such file
   */
  public T get(Path file, Reading<T> reading) throws IOException {
    FileVersion version = FileVersion.of(file);
    Optional<T> before = find(file, version);
    if (before.isPresent()) {
      return before.get();
    }
    T read = reading.of(file);
    put(file, version, read);
    return read;
  }

  /** The cached result for this version of the file. */
  public Optional<T> find(Path file, FileVersion version) {
    return Optional.ofNullable(known.get(file))
        .filter(before -> before.version.equals(version))
        .map(Known::read);
  }

  /** Caches the result for this version of the file. */
  public void put(Path file, FileVersion version, T read) {
    known.put(file, new Known<>(version, read));
  }
}

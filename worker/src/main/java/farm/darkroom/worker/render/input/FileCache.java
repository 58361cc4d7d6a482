package farm.darkroom.worker.render.input;

import static java.util.Objects.requireNonNull;

import farm.darkroom.common.BoundedMap;
import farm.darkroom.common.DiskReason;
import farm.darkroom.common.FailureKind;
import farm.darkroom.common.FarmException;
import farm.darkroom.common.Sha256;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.attribute.FileTime;
import java.time.Clock;
import java.util.ArrayList;
import java.util.Collections;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Stream;

/**
 * A folder of fetched files, named by their SHA-256 and bounded in total size; the least recently
 * used are deleted first. A file that somebody has open stays readable. Workers of one machine may
 * share the folder. Thread-safe.
 */
public final class FileCache {
  private static final long MOST = 8L << 30;
  private static final int MOST_KNOWN = 1000;
  private final Path folder;
  private final long most;
  private final Clock clock;

  /** Files whose bytes this process wrote or read, and that are what their names say. */
  private final Set<String> sound = Collections.newSetFromMap(new BoundedMap<>(MOST_KNOWN));

  private record Entry(Path file, long bytes, FileTime used) {}

  /**
   * @param most bytes that are kept; the file that was put last is kept anyway
   */
  public FileCache(Path folder, long most, Clock clock) {
    this.folder = requireNonNull(folder, "folder");
    this.most = most;
    this.clock = requireNonNull(clock, "clock");
  }

  /** {@code darkroom/files} in the user's cache folder, 8 GiB at most. */
  public static FileCache ofThisMachine(Map<String, String> environment, Path home, Clock clock) {
    Path caches =
        Optional.ofNullable(environment.get("XDG_CACHE_HOME"))
            .filter(path -> !path.isBlank())
            .map(Path::of)
            .orElse(home.resolve(".cache"));
    return new FileCache(caches.resolve("darkroom").resolve("files"), MOST, clock);
  }

  /**
   * The file with this SHA-256, in hexadecimal, if it is here. One that is damaged, as after a
   * power cut, is deleted and not blamed on the job.
   */
  synchronized Optional<Path> find(String sha256) {
    Path file = folder.resolve(sha256);
    try {
      Files.setLastModifiedTime(file, FileTime.from(clock.instant()));
      if (sound.contains(sha256) || Sha256.hex(Files.readAllBytes(file)).equals(sha256)) {
        sound.add(sha256);
        return Optional.of(file);
      }
      Files.delete(file);
      return Optional.empty();
    } catch (IOException e) {
      return Optional.empty();
    }
  }

  /**
   * Keeps a file.
   *
   * @throws FarmException WORKER_UNFIT when the folder cannot be written
   */
  synchronized Path put(String sha256, byte[] bytes) {
    Path file = folder.resolve(sha256);
    try {
      Files.createDirectories(folder);
      Path part = Files.createTempFile(folder, sha256, ".part");
      try {
        Files.write(part, bytes);
        Files.move(part, file, StandardCopyOption.ATOMIC_MOVE, StandardCopyOption.REPLACE_EXISTING);
      } finally {
        Files.deleteIfExists(part);
      }
      Files.setLastModifiedTime(file, FileTime.from(clock.instant()));
      sound.add(sha256);
      deleteOldest(file);
      return file;
    } catch (IOException e) {
      throw new FarmException(
          FailureKind.WORKER_UNFIT, folder + ": cannot be written: " + DiskReason.of(e), e);
    }
  }

  private void deleteOldest(Path kept) throws IOException {
    List<Entry> entries = entries();
    long bytes = entries.stream().mapToLong(Entry::bytes).sum();
    for (Entry eldest : entries) {
      if (bytes > most && !eldest.file().equals(kept)) {
        Files.deleteIfExists(eldest.file());
        bytes -= eldest.bytes();
      }
    }
  }

  /** Least recently used first. */
  private List<Entry> entries() throws IOException {
    List<Entry> entries = new ArrayList<>();
    try (Stream<Path> files = Files.list(folder)) {
      for (Path file : files.toList()) {
        try {
          entries.add(new Entry(file, Files.size(file), Files.getLastModifiedTime(file)));
        } catch (NoSuchFileException e) {
          // another worker deleted it
        }
      }
    }
    entries.sort(Comparator.comparing(Entry::used));
    return entries;
  }
}

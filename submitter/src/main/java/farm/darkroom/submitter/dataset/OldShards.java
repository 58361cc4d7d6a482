package farm.darkroom.submitter.dataset;

import java.io.IOException;
import java.io.RandomAccessFile;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/**
 * What earlier exports wrote of a split, with however many jobs to a shard. One that is replaced
 * while it holds jobs of other shards lies aside, as {@code NAME.tar.1.earlier}, until all are
 * written: who is stopped in between loses nothing. {@link #find} is thread-safe.
 */
final class OldShards {
  private final Path folder;
  private final Split split;
  private final Pattern names;
  private List<Archive> archives;
  private final Map<String, Place> places = new HashMap<>();

  /** Offset and length, in bytes. */
  private record Place(Archive archive, long offset, int length) {}

  /** One tar file. */
  private static final class Archive {
    private volatile Path file;
    private final Set<String> names = new LinkedHashSet<>();
    private boolean whole;

    Archive(Path file) {
      this.file = file;
    }

    String name() {
      return file.getFileName().toString();
    }

    Set<String> jobs() {
      return names.stream().map(LostJobs::jobOf).collect(Collectors.toSet());
    }
  }

  /** Reads nothing yet. */
  OldShards(Path folder, Split split) {
    this.folder = folder;
    this.split = split;
    this.names = Pattern.compile(split.name() + "-\\d+\\.tar(\\.\\d+\\.earlier)?");
  }

  boolean isShard(String fileName) {
    return names.matcher(fileName).matches();
  }

  /** The images of these jobs' samples that are there with all that belongs to them. */
  List<String> images(LostJobs jobs) throws IOException {
    List<Archive> all = archives();
    if (jobs.isEmpty()) {
      return List.of();
    }
    return all.stream()
        .flatMap(archive -> archive.names.stream())
        .filter(name -> jobs.own(name) && !name.endsWith(".json") && !name.endsWith(".txt"))
        .filter(name -> places.containsKey(beside(name, ".json")))
        .filter(name -> places.containsKey(beside(name, ".txt")))
        .distinct()
        .toList();
  }

  /** Whether {@code file} holds these. */
  boolean holds(Path file, List<String> images) throws IOException {
    return archives().stream()
        .anyMatch(archive -> archive.file.equals(file) && archive.names.containsAll(images));
  }

  /** Whether {@code file} is there and holds others than these jobs. */
  boolean holdsOthers(Path file, Set<String> jobs) throws IOException {
    return archives().stream()
        .anyMatch(archive -> archive.file.equals(file) && !jobs.containsAll(archive.jobs()));
  }

  /** The name of what belongs to an image. */
  static String beside(String image, String extension) {
    int dot = image.lastIndexOf('.');
    return (dot < 0 ? image : image.substring(0, dot)) + extension;
  }

  /** The bytes of a file in the archives. */
  Optional<byte[]> find(String name) throws IOException {
    archives();
    Place place = places.get(name);
    if (place == null) {
      return Optional.empty();
    }
    try (RandomAccessFile in = new RandomAccessFile(place.archive().file.toFile(), "r")) {
      byte[] bytes = new byte[place.length()];
      in.seek(place.offset());
      in.readFully(bytes);
      return Optional.of(bytes);
    }
  }

  /** Lays {@code file}, which is about to be replaced, aside if it holds others than these jobs. */
  void makeRoom(Path file, Set<String> jobs) throws IOException {
    for (Archive archive : archives()) {
      if (archive.file.equals(file) && !jobs.containsAll(archive.jobs())) {
        archive.file = Files.move(file, aside(file));
      }
    }
  }

  private static Path aside(Path file) {
    int i = 1;
    Path aside;
    do {
      aside = file.resolveSibling(file.getFileName() + "." + i++ + ".earlier");
    } while (Files.exists(aside));
    return aside;
  }

  /**
   * Deletes archives of the batch whose samples are all in others now.
   *
   * @param written names of those that stay
   */
  void discard(Set<String> written) throws IOException {
    if (files().stream().allMatch(file -> written.contains(file.getFileName().toString()))) {
      return;
    }
    for (Archive archive : archives()) {
      Set<String> jobs = archive.jobs();
      boolean read = archive.whole || archive.name().endsWith(".earlier");
      if (!written.contains(archive.name())
          && read
          && !jobs.isEmpty()
          && split.batch().containsAll(jobs)) {
        Files.deleteIfExists(archive.file);
      }
    }
  }

  private synchronized List<Archive> archives() throws IOException {
    if (archives == null) {
      List<Archive> found = new ArrayList<>();
      for (Path file : files()) {
        found.add(read(file));
      }
      archives = found;
    }
    return archives;
  }

  private List<Path> files() throws IOException {
    try (Stream<Path> files = Files.list(folder)) {
      return files.filter(file -> isShard(file.getFileName().toString())).sorted().toList();
    }
  }

  /** Where its whole files lie. */
  private Archive read(Path file) throws IOException {
    Archive archive = new Archive(file);
    try (RandomAccessFile in = new RandomAccessFile(file.toFile(), "r")) {
      byte[] header = new byte[TarWriter.BLOCK];
      long at = 0;
      while (at >= 0 && at + TarWriter.BLOCK <= in.length()) {
        in.seek(at);
        in.readFully(header);
        archive.whole = header[0] == 0;
        at = archive.whole ? -1 : add(archive, header, at + TarWriter.BLOCK, in.length());
      }
    }
    return archive;
  }

  /** Returns where the next one begins; -1 when this one is not whole. */
  private long add(Archive archive, byte[] header, long at, long end) {
    int length = TarReader.size(header).orElse(-1);
    long next = at + length + TarWriter.padding(Math.max(length, 0));
    if (length < 0 || next > end) {
      return -1;
    }
    String name = TarReader.name(header);
    archive.names.add(name);
    places.putIfAbsent(name, new Place(archive, at, length));
    return next;
  }
}

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
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/**
 * What earlier exports wrote into a folder, with however many jobs to a shard and whatever splits.
 * One that is replaced while it holds jobs of other shards lies aside, as {@code
 * NAME.tar.1.earlier}, until all are written: an export that is stopped in between loses nothing.
 * {@link #find} is thread-safe.
 */
final class EarlierShards {
  private static final Pattern SHARD = Pattern.compile("(\\w+)-\\d+\\.tar(\\.\\d+\\.earlier)?");

  private final Path folder;
  private final Set<String> splits;
  private final Set<String> batch;
  private List<Archive> archives;
  private final Map<String, Place> places = new HashMap<>();

  /** The position of a file's content in an archive, in bytes. */
  private record Place(Archive archive, long offset, int length) {}

  /** One tar file and the names of the complete files in it. */
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
      return names.stream().map(JobsWithoutRecord::jobOf).collect(Collectors.toSet());
    }
  }

  /**
   * Does not read the folder yet; that happens on first use.
   *
   * @param splits of the batch that is written now
   */
  EarlierShards(Path folder, List<Split> splits) {
    this.folder = folder;
    this.splits = splits.stream().map(Split::name).collect(Collectors.toUnmodifiableSet());
    this.batch = Set.copyOf(Split.byJob(splits).keySet());
  }

  /** Whether the file name is that of a shard of one of the splits. */
  boolean isShard(String fileName) {
    return splitOf(fileName).filter(splits::contains).isPresent();
  }

  private static Optional<String> splitOf(String fileName) {
    Matcher shard = SHARD.matcher(fileName);
    return shard.matches() && Split.isName(shard.group(1))
        ? Optional.of(shard.group(1))
        : Optional.empty();
  }

  /** The image names of those samples of the jobs that are complete: image, JSON and text. */
  List<String> images(JobsWithoutRecord jobs) throws IOException {
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

  /** Whether {@code file} contains all of these images. */
  boolean holds(Path file, List<String> images) throws IOException {
    return archives().stream()
        .anyMatch(archive -> archive.file.equals(file) && archive.names.containsAll(images));
  }

  /** Whether {@code file} exists and contains samples of jobs other than these. */
  boolean holdsOthers(Path file, Set<String> jobs) throws IOException {
    return archives().stream()
        .anyMatch(archive -> archive.file.equals(file) && !jobs.containsAll(archive.jobs()));
  }

  /** The name of the file that accompanies an image: the same name with another extension. */
  static String beside(String image, String extension) {
    int dot = image.lastIndexOf('.');
    return (dot < 0 ? image : image.substring(0, dot)) + extension;
  }

  /** The content of the first complete file of this name in any archive. */
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

  /**
   * Renames {@code file}, which is about to be replaced, if it contains samples of jobs other than
   * these.
   */
  void setAside(Path file, Set<String> jobs) throws IOException {
    for (Archive archive : archives()) {
      if (archive.file.equals(file) && !jobs.containsAll(archive.jobs())) {
        archive.file = Files.move(file, freeAsideName(file));
      }
    }
  }

  private static Path freeAsideName(Path file) {
    int i = 1;
    Path freeAsideName;
    do {
      freeAsideName = file.resolveSibling(file.getFileName() + "." + i++ + ".earlier");
    } while (Files.exists(freeAsideName));
    return freeAsideName;
  }

  /**
   * Deletes shards of this batch's splits that are no longer part of the dataset.
   *
   * @param written names of those that stay
   */
  void discard(Set<String> written) throws IOException {
    if (names().stream().filter(this::isShard).allMatch(written::contains)) {
      return;
    }
    for (Archive archive : archives()) {
      boolean read = archive.whole || archive.name().endsWith(".earlier");
      if (isShard(archive.name()) && !written.contains(archive.name()) && read && isOurs(archive)) {
        Files.deleteIfExists(archive.file);
      }
    }
  }

  /**
   * The names of shards that contain only jobs of this batch but belong to a split that no longer
   * exists.
   */
  List<String> orphaned() throws IOException {
    if (names().stream().allMatch(this::isShard)) {
      return List.of();
    }
    return archives().stream()
        .filter(archive -> !isShard(archive.name()) && isOurs(archive))
        .map(Archive::name)
        .toList();
  }

  private boolean isOurs(Archive archive) {
    Set<String> jobs = archive.jobs();
    return !jobs.isEmpty() && batch.containsAll(jobs);
  }

  private synchronized List<Archive> archives() throws IOException {
    if (archives == null) {
      List<Archive> found = new ArrayList<>();
      for (String name : names()) {
        found.add(read(folder.resolve(name)));
      }
      archives = found;
    }
    return archives;
  }

  /** Names of all shards that are there now, sorted. */
  private List<String> names() throws IOException {
    try (Stream<Path> files = Files.list(folder)) {
      return files
          .map(file -> file.getFileName().toString())
          .filter(name -> splitOf(name).isPresent())
          .sorted()
          .toList();
    }
  }

  /** Indexes the complete files of an archive, up to its end or to where it is cut off. */
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

  /**
   * Adds one file to the index, and returns the offset of the next header, or -1 if the file is cut
   * off.
   */
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

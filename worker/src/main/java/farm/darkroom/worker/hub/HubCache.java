package farm.darkroom.worker.hub;

import static java.util.Objects.requireNonNull;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.regex.Pattern;
import java.util.stream.Stream;

/**
 * The Hugging Face cache on this machine, in huggingface_hub's layout: {@code
 * models--org--name/snapshots/<commit>} with links into {@code blobs/}, and branches and tags in
 * {@code refs/}. Thread-safe.
 */
public record HubCache(Path folder) {
  private static final String PREFIX = "models--";
  private static final String SEPARATOR = "--";
  private static final Pattern COMMIT = Pattern.compile("[0-9a-f]{7,40}");

  public HubCache {
    requireNonNull(folder, "folder");
  }

  /**
   * Where huggingface_hub keeps it: HF_HUB_CACHE, HF_HOME, XDG_CACHE_HOME, then the home folder.
   */
  public static HubCache of(Map<String, String> environment, Path home) {
    return new HubCache(
        Stream.of("HF_HUB_CACHE", "HUGGINGFACE_HUB_CACHE")
            .flatMap(name -> path(environment, name, home).stream())
            .findFirst()
            .orElseGet(() -> hfHome(environment, home).resolve("hub")));
  }

  /** HF_HOME: the folder of the cache, and of the token. */
  static Path hfHome(Map<String, String> environment, Path home) {
    Path caches = path(environment, "XDG_CACHE_HOME", home).orElse(home.resolve(".cache"));
    return path(environment, "HF_HOME", home).orElse(caches.resolve("huggingface"));
  }

  /** The path in a variable, where {@code ~/} is the home folder. */
  static Optional<Path> path(Map<String, String> environment, String variable, Path home) {
    return Optional.ofNullable(environment.get(variable))
        .filter(value -> !value.isBlank())
        .map(value -> value.startsWith("~/") ? home.resolve(value.substring(2)) : Path.of(value));
  }

  /** The snapshot of {@code org/name}, of {@code main} where no revision is given. */
  public Optional<Path> find(String id, Optional<String> revision) {
    Path repository = repository(id);
    String name = revision.orElse(RepositoryId.MAIN);
    return commit(repository, name).map(commit -> snapshot(id, commit)).filter(Files::isDirectory);
  }

  /**
   * What {@link #find} knows, as jobs name it: {@code org/name} of main, {@code org/name@revision}
   * of other branches and tags, and of commits where there are only such.
   */
  public List<String> names() {
    return Folders.in(folder).stream()
        .map(path -> path.getFileName().toString())
        .filter(name -> name.startsWith(PREFIX))
        .map(name -> name.substring(PREFIX.length()).replaceFirst(SEPARATOR, "/"))
        .flatMap(this::names)
        .toList();
  }

  private Stream<String> names(String id) {
    List<String> refs = refs(repository(id).resolve("refs"));
    Stream<String> revisions =
        refs.isEmpty()
            ? Folders.in(repository(id).resolve("snapshots")).stream()
                .map(commit -> commit.getFileName().toString())
            : refs.stream();
    return revisions.map(name -> name.equals(RepositoryId.MAIN) ? id : id + "@" + name);
  }

  /** Branches may have slashes, which here are folders. */
  private static List<String> refs(Path folder) {
    try (Stream<Path> all = Files.walk(folder)) {
      return all.filter(Files::isRegularFile)
          .map(ref -> folder.relativize(ref).toString().replace('\\', '/'))
          .sorted()
          .toList();
    } catch (IOException e) {
      return List.of();
    }
  }

  Path repository(String id) {
    return folder.resolve(PREFIX + id.replace("/", SEPARATOR));
  }

  Path blobs(String id) {
    return repository(id).resolve("blobs");
  }

  Path snapshot(String id, String commit) {
    return repository(id).resolve("snapshots").resolve(commit);
  }

  Path ref(String id, String revision) {
    return repository(id).resolve("refs").resolve(revision);
  }

  /** Held by the one process that writes. */
  Path lock(String id) {
    return folder.resolve(".locks").resolve(PREFIX + id.replace("/", SEPARATOR) + "/darkroom.lock");
  }

  private static Optional<String> commit(Path repository, String revision) {
    Path ref = repository.resolve("refs").resolve(revision).normalize();
    if (ref.startsWith(repository) && Files.isRegularFile(ref)) {
      return read(ref);
    }
    return COMMIT.matcher(revision).matches()
        ? Folders.in(repository.resolve("snapshots")).stream()
            .map(path -> path.getFileName().toString())
            .filter(commit -> commit.startsWith(revision))
            .findFirst()
        : Optional.empty();
  }

  private static Optional<String> read(Path ref) {
    try {
      String commit = Files.readString(ref).strip();
      return COMMIT.matcher(commit).matches() ? Optional.of(commit) : Optional.empty();
    } catch (IOException e) {
      return Optional.empty();
    }
  }
}

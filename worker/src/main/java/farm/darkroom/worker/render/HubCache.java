package farm.darkroom.worker.render;

import static java.util.Objects.requireNonNull;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.regex.Pattern;

/**
 * The Hugging Face cache on this machine: {@code models--org--name/snapshots/<commit>}, with
 * branches and tags in {@code refs/}. Read only. Thread-safe.
 */
record HubCache(Path folder) {
  private static final String PREFIX = "models--";
  private static final String SEPARATOR = "--";
  private static final Pattern COMMIT = Pattern.compile("[0-9a-f]{7,40}");

  HubCache {
    requireNonNull(folder, "folder");
  }

  /**
   * Where huggingface_hub keeps it: HF_HUB_CACHE, HF_HOME, XDG_CACHE_HOME, then the home folder.
   */
  static HubCache of(Map<String, String> environment, Path home) {
    Path caches = path(environment, "XDG_CACHE_HOME").orElse(home.resolve(".cache"));
    Path hub = path(environment, "HF_HOME").orElse(caches.resolve("huggingface")).resolve("hub");
    return new HubCache(path(environment, "HF_HUB_CACHE").orElse(hub));
  }

  private static Optional<Path> path(Map<String, String> environment, String variable) {
    return Optional.ofNullable(environment.get(variable))
        .filter(value -> !value.isBlank())
        .map(Path::of);
  }

  /** The snapshot of {@code org/name}, of {@code main} where no revision is given. */
  Optional<Path> find(String id, Optional<String> revision) {
    Path repository = folder.resolve(PREFIX + id.replace("/", SEPARATOR));
    String name = revision.orElse("main");
    return commit(repository, name)
        .map(commit -> repository.resolve("snapshots").resolve(commit))
        .filter(Files::isDirectory);
  }

  /** The ids of all models of which anything is here. */
  List<String> ids() {
    return Folders.in(folder).stream()
        .map(path -> path.getFileName().toString())
        .filter(name -> name.startsWith(PREFIX))
        .map(name -> name.substring(PREFIX.length()).replaceFirst(SEPARATOR, "/"))
        .toList();
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

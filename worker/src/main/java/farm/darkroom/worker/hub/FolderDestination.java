package farm.darkroom.worker.hub;

import java.io.IOException;
import java.nio.file.FileSystemException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.util.Comparator;
import java.util.List;
import java.util.Optional;
import java.util.stream.Stream;

/**
 * A folder of models: {@code DIR/ORG/NAME}, or {@code DIR/ORG/NAME@REVISION} as jobs would name it,
 * with real files. It appears as a whole, by one move out of {@code DIR/.incomplete}; so does a
 * file that is added to it.
 */
final class FolderDestination implements Destination {
  private final Path models;
  private final RepositoryId id;
  private final boolean whole;
  private final PullLock lock;

  /**
   * @param whole whether the files are a whole model, and not added to what is there
   */
  FolderDestination(Path models, RepositoryId id, boolean whole) {
    this.models = models;
    this.id = id;
    this.whole = whole;
    this.lock = PullLock.take(stage().resolve("lock"), id);
  }

  private Path stage() {
    return models.resolve(".incomplete").resolve("models").resolve(id.toString().replace('/', '~'));
  }

  private Path model() {
    return models.resolve(id.toString());
  }

  @Override
  public Blobs blobs() {
    return new Blobs(stage().resolve("blobs"));
  }

  @Override
  public Optional<Path> present(List<RemoteFile> files) {
    if (!Files.exists(model())) {
      return Optional.empty();
    }
    for (RemoteFile file : files) {
      Path local = model().resolve(file.path());
      if (!whole && !Files.exists(local)) {
        return Optional.empty();
      }
      if (!Files.isRegularFile(local) || !Checksum.fits(file, local)) {
        throw HubException.refused(
            "%s is there already, and %s is not what the hub has; remove it to pull again"
                .formatted(model(), file.path()));
      }
    }
    clear();
    return Optional.of(model());
  }

  private void clear() {
    try {
      remove(stage());
    } catch (IOException e) {
      throw DiskFailure.of(stage(), e);
    }
  }

  @Override
  public Path finish(Listing listing, List<RemoteFile> files) {
    Path made = stage().resolve("snapshot");
    try {
      remove(made);
      for (RemoteFile file : files) {
        place(file, made.resolve(file.path()));
      }
      if (whole) {
        move(made, model());
      } else {
        for (RemoteFile file : files) {
          move(made.resolve(file.path()), model().resolve(file.path()));
        }
      }
      remove(stage());
      return model();
    } catch (IOException e) {
      throw DiskFailure.of(model(), e);
    }
  }

  private static void move(Path from, Path to) throws IOException {
    Files.createDirectories(to.getParent());
    Files.move(from, to, StandardCopyOption.ATOMIC_MOVE);
  }

  private void place(RemoteFile file, Path to) throws IOException {
    Files.createDirectories(to.getParent());
    try {
      Files.createLink(to, blobs().path(file));
    } catch (UnsupportedOperationException | FileSystemException e) {
      // not every disk has hard links
      Files.copy(blobs().path(file), to);
    }
  }

  private static void remove(Path folder) throws IOException {
    if (!Files.exists(folder)) {
      return;
    }
    try (Stream<Path> all = Files.walk(folder)) {
      for (Path path : all.sorted(Comparator.reverseOrder()).toList()) {
        Files.delete(path);
      }
    }
  }

  @Override
  public void close() {
    lock.close();
  }
}

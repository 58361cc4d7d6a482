package farm.darkroom.worker.hub;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Optional;

/**
 * The Hugging Face cache. Links are made when all blobs are there; the index or config by which a
 * model is recognised comes last, and the branch's ref after it, so that an interrupted pull never
 * looks complete.
 */
final class CacheDestination implements Destination {
  private final HubCache cache;
  private final RepositoryId id;
  private final boolean whole;
  private final PullLock lock;

  /**
   * @param whole whether the files are a whole model, which the branch is then known by
   */
  CacheDestination(HubCache cache, RepositoryId id, boolean whole) {
    this.cache = cache;
    this.id = id;
    this.whole = whole;
    this.lock = PullLock.take(cache.lock(id.id()), id);
  }

  @Override
  public Blobs blobs() {
    return new Blobs(cache.blobs(id.id()));
  }

  /** Completes what is there, even if another program began it. */
  @Override
  public Optional<Path> present(List<RemoteFile> files) {
    return Optional.empty();
  }

  @Override
  public Path finish(Listing listing, List<RemoteFile> files) {
    Path snapshot = cache.snapshot(id.id(), listing.commit());
    List<RemoteFile> topLast = new ArrayList<>(files);
    topLast.sort(
        Comparator.comparing((RemoteFile file) -> file.path().endsWith(".json"))
            .thenComparing(file -> file.folder().isEmpty()));
    topLast.forEach(file -> link(snapshot.resolve(file.path()), file));
    String revision = id.revision().orElse(RepositoryId.MAIN);
    Path ref = cache.ref(id.id(), revision);
    // one file of a newer commit must not hide the whole model of the one before
    if (!revision.equals(listing.commit()) && (whole || !Files.exists(ref))) {
      write(ref, listing.commit());
    }
    return snapshot;
  }

  private void link(Path link, RemoteFile file) {
    try {
      Files.createDirectories(link.getParent());
      Path target = link.getParent().relativize(blobs().path(file));
      if (Files.exists(link, LinkOption.NOFOLLOW_LINKS)) {
        if (Files.isSymbolicLink(link) && Files.readSymbolicLink(link).equals(target)) {
          return;
        }
        Files.delete(link);
      }
      Files.createSymbolicLink(link, target);
    } catch (UnsupportedOperationException e) {
      throw HubException.failed(
          link + ": this disk has no symbolic links; pull into a folder with --models DIR", e);
    } catch (IOException e) {
      throw DiskFailure.of(link, e);
    }
  }

  private static void write(Path ref, String commit) {
    try {
      Files.createDirectories(ref.getParent());
      Path fresh = Files.writeString(ref.resolveSibling(ref.getFileName() + ".tmp"), commit);
      Files.move(fresh, ref, StandardCopyOption.ATOMIC_MOVE);
    } catch (IOException e) {
      throw DiskFailure.of(ref, e);
    }
  }

  @Override
  public void close() {
    lock.close();
  }
}

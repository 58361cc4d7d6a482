package farm.darkroom.worker.render.model;

import static java.util.Objects.requireNonNull;

import farm.darkroom.common.FailureKind;
import farm.darkroom.common.FarmException;
import farm.darkroom.worker.render.engine.EngineFailures;
import farm.darkroom.worker.render.inventory.FileVersions;
import java.util.function.Supplier;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Something that was opened from files, none of which changed from before that until all were held
 * open for hashing.
 *
 * @param versions of these files
 */
record VersionedResource<T extends VersionedResource.Files>(T resource, FileVersions versions) {
  private static final Logger log = LoggerFactory.getLogger(VersionedResource.class);
  private static final int TRIES = 3;

  /** What is open, and its files, which it closes. */
  interface Files extends AutoCloseable {
    PinnedWeights pinned();

    @Override
    void close();
  }

  VersionedResource {
    requireNonNull(resource, "resource");
    requireNonNull(versions, "versions");
  }

  /**
   * Opens a resource, again if its files change meanwhile, and begins to hash them.
   *
   * @param label names it in messages, such as {@code model demo}
   * @param refusal the kind of failure when it is not sound
   * @param versions of its files as they are now
   * @throws FarmException WORKER_UNFIT when the files keep changing; whatever {@code opening}
   *     throws
   */
  static <T extends Files> VersionedResource<T> of(
      String label, FailureKind refusal, Supplier<FileVersions> versions, Supplier<T> opening) {
    FileVersions before = versions.get();
    String change = "";
    for (int i = 0; i < TRIES; i++) {
      T resource = EngineFailures.during(refusal, label, opening);
      FileVersions now = versionsOrClose(versions, resource);
      change = before.change(now);
      if (change.isEmpty()) {
        resource.pinned().begin();
        return new VersionedResource<>(resource, now);
      }
      resource.close();
      before = now;
    }
    throw new FarmException(
        FailureKind.WORKER_UNFIT,
        "%s changes again and again while it is opened: %s".formatted(label, change));
  }

  private static FileVersions versionsOrClose(Supplier<FileVersions> versions, Files resource) {
    try {
      return versions.get();
    } catch (FarmException e) {
      resource.close();
      throw e;
    }
  }

  /**
   * Whether it has to be opened again because a file changed or could not be hashed; logs which.
   *
   * @param now its files as they are now
   */
  boolean isStale(String label, FileVersions now) {
    String why = resource.pinned().failed() ? "a file could not be read" : versions.change(now);
    if (!why.isEmpty()) {
      log.info("{} is opened anew: {}", label, why);
    }
    return !why.isEmpty();
  }
}

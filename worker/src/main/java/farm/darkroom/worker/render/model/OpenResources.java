package farm.darkroom.worker.render.model;

import farm.darkroom.common.FailureKind;
import farm.darkroom.common.FarmException;
import farm.darkroom.worker.render.inventory.FileVersions;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.function.Supplier;

/**
 * What is open, by what it was asked for as. One whose files changed is closed when it is asked for
 * again, unless this render has it already. Not thread-safe.
 *
 * @param <K> what determines a resource
 */
final class OpenResources<K, T extends VersionedResource.Files> implements AutoCloseable {
  private final Map<K, VersionedResource<T>> open = new LinkedHashMap<>();
  private final Set<K> asked = new HashSet<>();

  /** A render begins: from here on, files may have changed. */
  void beginRender() {
    asked.clear();
  }

  /**
   * The resource if it is open, and is as its files are.
   *
   * @param label names it in the log
   * @param versions of its files as they are now
   * @throws FarmException WORKER_UNFIT when one cannot be looked at; the resource stays open
   */
  Optional<T> find(K key, String label, Supplier<FileVersions> versions) {
    VersionedResource<T> known = open.get(key);
    boolean first = asked.add(key);
    if (known == null) {
      return Optional.empty();
    }
    if (first && known.isStale(label, versions.get())) {
      close(key);
      return Optional.empty();
    }
    open.remove(key);
    open.put(key, known);
    return Optional.of(known.resource());
  }

  /**
   * Opens a resource that is not open.
   *
   * @throws FarmException as {@link VersionedResource#of}, WORKER_UNFIT when it is not sound
   */
  T open(K key, String label, Supplier<FileVersions> versions, Supplier<T> opening) {
    VersionedResource<T> opened =
        VersionedResource.of(label, FailureKind.WORKER_UNFIT, versions, opening);
    open.put(key, opened);
    return opened.resource();
  }

  /** What is open, the least recently used first. */
  List<K> keys() {
    return List.copyOf(open.keySet());
  }

  /** One that is open. */
  T get(K key) {
    return open.get(key).resource();
  }

  /** Closes one that is open. */
  void close(K key) {
    open.remove(key).resource().close();
  }

  /** Closes all; they are opened again when they are asked for. */
  @Override
  public void close() {
    open.values().forEach(known -> known.resource().close());
    open.clear();
  }
}

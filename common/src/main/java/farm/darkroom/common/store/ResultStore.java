package farm.darkroom.common.store;

import java.util.List;
import java.util.Optional;

/**
 * Where pictures, records, inputs and batch manifests lie. Keys are those of {@link StoreKeys}.
 * Thread-safe. Every call throws {@code FarmException(STORE_UNAVAILABLE)} when the service does not
 * answer, refuses the credentials or answers with a server error, and {@code INVALID_JOB} for a key
 * that {@link StoreKeys#check} refuses.
 */
public interface ResultStore extends AutoCloseable {

  /** The outcome of a conditional put. */
  enum Put {
    /**
     * Stored now, or stored before by this very writer: the same {@code ResultStore} put the same
     * bytes, and the answer was lost.
     */
    CREATED,
    /** An object was there already and was left as it is. */
    EXISTS
  }

  /** A stored object: its key, its bytes' count. */
  record Entry(String key, long size) {}

  /** Stores {@code bytes} if nothing lies under {@code key} (If-None-Match: *). */
  Put putIfAbsent(String key, byte[] bytes, String contentType);

  /** Stores {@code bytes}, replacing what lies there; only for keys outside {@code jobs/}. */
  void put(String key, byte[] bytes, String contentType);

  /**
   * The object's bytes; empty when there is none.
   *
   * @throws farm.darkroom.common.FarmException INVALID_JOB when it is larger than {@code maxBytes}
   */
  Optional<byte[]> get(String key, long maxBytes);

  boolean exists(String key);

  /** Everything whose key begins with {@code prefix}, in key order (UTF-8 bytes). */
  List<Entry> list(String prefix);

  /** The first entries in key order, at most {@code most}. */
  default List<Entry> list(String prefix, int most) {
    return list(prefix).stream().limit(most).toList();
  }

  /** Deletes the object under {@code key}, if there is one. */
  void delete(String key);

  @Override
  void close();
}

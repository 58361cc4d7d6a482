package farm.darkroom.common.store;

import java.util.List;
import java.util.Optional;

/**
 * Where pictures, records, inputs and batch manifests lie. Keys are those of the store layout.
 * Thread-safe. Every call throws {@code FarmException(STORE_UNAVAILABLE)} when the service does not
 * answer or answers with a server error.
 */
public interface ResultStore extends AutoCloseable {

  /** What a conditional put found. */
  enum Put {
    /** Stored now, or stored before by this very writer. */
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

  /** The object's bytes; empty when there is none. Refuses objects above {@code maxBytes}. */
  Optional<byte[]> get(String key, long maxBytes);

  boolean exists(String key);

  /** Everything under {@code prefix}, in key order. */
  List<Entry> list(String prefix);

  void delete(String key);

  @Override
  void close();
}

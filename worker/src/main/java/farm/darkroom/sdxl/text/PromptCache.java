package farm.darkroom.sdxl.text;

import ai.djl.ndarray.NDManager;
import java.util.Iterator;
import java.util.LinkedHashMap;
import java.util.Map;

/**
 * Keeps encoded prompts, evicting the least recently used: up to 64 chunks in all, which are 40 MB
 * for SDXL's 77 by 2048 features, and always the last two prompts. Not thread-safe.
 */
final class PromptCache implements AutoCloseable {
  private static final int CHUNKS = 64;

  /** Both sides of a request are read only after both have been stored. */
  private static final int KEPT = 2;

  private final NDManager manager;
  private final Map<Key, TextConditioning> encoded = new LinkedHashMap<>(16, 0.75f, true);

  private long hits;
  private long misses;

  /** One side of a prompt, padded to a number of chunks. */
  record Key(PromptSide side, int chunks) {}

  PromptCache(NDManager manager) {
    this.manager = manager;
  }

  /** The owner of the cached tensors. */
  NDManager manager() {
    return manager;
  }

  /**
   * Whether the entry is cached. Asking counts as a use, so that the entry stays while others are
   * encoded.
   */
  boolean has(Key key) {
    boolean there = encoded.get(key) != null;
    hits += there ? 1 : 0;
    misses += there ? 0 : 1;
    return there;
  }

  /** The hits and misses of {@link #has} so far. */
  CacheHits use() {
    return new CacheHits(hits, misses);
  }

  /** An entry that {@link #has} has just found. */
  TextConditioning get(Key key) {
    return encoded.get(key);
  }

  void put(Key key, TextConditioning conditioning) {
    encoded.put(key, conditioning);
    Iterator<Map.Entry<Key, TextConditioning>> eldest = encoded.entrySet().iterator();
    while (chunks() > CHUNKS && encoded.size() > KEPT) {
      TextConditioning old = eldest.next().getValue();
      eldest.remove();
      old.embeds().close();
      old.pooled().close();
    }
  }

  private int chunks() {
    return encoded.keySet().stream().mapToInt(Key::chunks).sum();
  }

  @Override
  public void close() {
    manager.close();
  }
}

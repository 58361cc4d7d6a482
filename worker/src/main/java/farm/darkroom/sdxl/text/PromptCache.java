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

  /** Both sides of a request are asked for after both were put. */
  private static final int KEPT = 2;

  private final NDManager manager;
  private final Map<Key, TextConditioning> encoded = new LinkedHashMap<>(16, 0.75f, true);

  private long hits;
  private long misses;

  /** A passage, padded to a number of chunks. */
  record Key(PromptSide passage, int chunks) {}

  PromptCache(NDManager manager) {
    this.manager = manager;
  }

  /** The owner of what is put. */
  NDManager manager() {
    return manager;
  }

  /** Asking counts as use, so that what is there stays there while the rest is encoded. */
  boolean has(Key key) {
    boolean there = encoded.get(key) != null;
    hits += there ? 1 : 0;
    misses += there ? 0 : 1;
    return there;
  }

  /** How often {@link #has} said which, so far. */
  CacheHits use() {
    return new CacheHits(hits, misses);
  }

  /** The passage, which {@link #has} said is there. */
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

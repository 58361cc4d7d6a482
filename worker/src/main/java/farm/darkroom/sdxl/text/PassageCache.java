package farm.darkroom.sdxl.text;

import ai.djl.ndarray.NDManager;
import java.util.ArrayDeque;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/**
 * The last passages that were encoded, least recently used ones forgotten first: 64 of them are 40
 * MB for SDXL's 77 by 2048 features. For one thread.
 */
final class PassageCache implements AutoCloseable {
  private static final int SIZE = 64;

  private final NDManager manager;
  private final Map<Passage, Encoded> encoded = new LinkedHashMap<>(16, 0.75f, true);

  /** A passage's conditioning and what was cut from its texts. */
  record Encoded(TextConditioning conditioning, List<String> removed) {
    List<String> warnings(String parameter) {
      return removed.stream()
          .map(text -> parameter + " is longer than the text encoder; left out: " + text)
          .toList();
    }
  }

  PassageCache(NDManager manager) {
    this.manager = manager;
  }

  /** The owner of what is put. */
  NDManager manager() {
    return manager;
  }

  /** Asking counts as use, so that what is there stays there while the rest is encoded. */
  boolean has(Passage passage) {
    return encoded.get(passage) != null;
  }

  /** The passage, which {@link #has} said is there. */
  Encoded get(Passage passage) {
    return encoded.get(passage);
  }

  void put(Passage passage, TextConditioning conditioning, List<String> removed) {
    encoded.put(passage, new Encoded(conditioning, List.copyOf(removed)));
    ArrayDeque<Passage> eldest = new ArrayDeque<>(encoded.keySet());
    while (encoded.size() > SIZE) {
      TextConditioning old = encoded.remove(eldest.poll()).conditioning();
      old.embeds().close();
      old.pooled().close();
    }
  }

  @Override
  public void close() {
    manager.close();
  }
}

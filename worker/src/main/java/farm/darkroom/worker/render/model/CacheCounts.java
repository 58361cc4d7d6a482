package farm.darkroom.worker.render.model;

import farm.darkroom.sdxl.text.CacheHits;
import farm.darkroom.worker.port.CacheUse;
import java.util.List;
import java.util.concurrent.atomic.LongAdder;

/** Hits and misses of the renderer's caches, over all models opened so far. Thread-safe. */
final class CacheCounts {
  private final LongAdder textHits = new LongAdder();
  private final LongAdder textMisses = new LongAdder();
  private final LongAdder modelHits = new LongAdder();
  private final LongAdder modelMisses = new LongAdder();

  void text(CacheHits use) {
    textHits.add(use.hits());
    textMisses.add(use.misses());
  }

  /**
   * A model was asked for.
   *
   * @param open whether it was open
   */
  void model(boolean open) {
    (open ? modelHits : modelMisses).increment();
  }

  List<CacheUse> read() {
    return List.of(
        new CacheUse("text", textHits.sum(), textMisses.sum()),
        new CacheUse("model", modelHits.sum(), modelMisses.sum()));
  }
}

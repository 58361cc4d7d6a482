package farm.darkroom.worker.render;

import java.time.Duration;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.ConcurrentHashMap;
import java.util.function.LongSupplier;

/**
 * Models that are here and cannot be used, and why. Each is tried again after a while: somebody may
 * have repaired it. Thread-safe.
 */
final class Quarantine {
  static final Duration TERM = Duration.ofMinutes(5);
  private final Map<String, Sentence> models = new ConcurrentHashMap<>();
  private final LongSupplier nanos;

  private record Sentence(String why, long since) {}

  /**
   * @param nanos a clock that never jumps
   */
  Quarantine(LongSupplier nanos) {
    this.nanos = nanos;
  }

  void put(String model, String why) {
    models.put(model, new Sentence(why, nanos.getAsLong()));
  }

  /** Why the model is not to be used; empty when it may be. */
  Optional<String> why(String model) {
    Sentence sentence = models.get(model);
    if (sentence != null && nanos.getAsLong() - sentence.since() > TERM.toNanos()) {
      models.remove(model);
      return Optional.empty();
    }
    return Optional.ofNullable(sentence).map(Sentence::why);
  }
}

package farm.darkroom.worker.render;

import farm.darkroom.common.FailureKind;
import farm.darkroom.common.FarmException;
import java.time.Duration;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.ConcurrentHashMap;
import java.util.function.LongSupplier;
import java.util.function.Supplier;

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

  /**
   * Runs what opens a model, or something like it, and puts that aside when it turns out unfit.
   *
   * @throws FarmException what the opening throws
   */
  <T> T guarding(String model, Supplier<T> opening) {
    try {
      return opening.get();
    } catch (FarmException e) {
      if (e.kind() == FailureKind.WORKER_UNFIT) {
        put(model, e.getMessage());
      }
      throw e;
    }
  }

  /**
   * The same in words; empty when it may be used.
   *
   * @param what it is, such as a model
   */
  Optional<String> complaint(String what, String model) {
    return why(model).map(why -> "%s %s cannot be used here: %s".formatted(what, model, why));
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

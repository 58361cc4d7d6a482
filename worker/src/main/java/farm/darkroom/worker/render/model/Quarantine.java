package farm.darkroom.worker.render.model;

import farm.darkroom.common.BoundedMap;
import farm.darkroom.common.FailureKind;
import farm.darkroom.common.FarmException;
import java.time.Duration;
import java.util.Collections;
import java.util.Map;
import java.util.Optional;
import java.util.function.LongSupplier;
import java.util.function.Supplier;

/**
 * Models and additions that are present but turned out broken, and why. Each is tried again after a
 * while, because somebody may have repaired it. Thread-safe.
 */
final class Quarantine {
  static final Duration TERM = Duration.ofMinutes(5);
  private static final int MOST = 1000;
  private final Map<Suspect, Sentence> sentences =
      Collections.synchronizedMap(new BoundedMap<>(MOST));
  private final LongSupplier nanos;

  /** A LoRA and an embedding, say, may have the same name. */
  private record Suspect(String kind, String name) {}

  private record Sentence(String why, long since) {}

  /**
   * @param nanos a monotonic clock, in nanoseconds
   */
  Quarantine(LongSupplier nanos) {
    this.nanos = nanos;
  }

  /**
   * Puts something in quarantine.
   *
   * @param kind of thing, as messages call it
   */
  void put(String kind, String name, String why) {
    sentences.put(new Suspect(kind, name), new Sentence(why, nanos.getAsLong()));
  }

  /**
   * Runs what opens a model, or something like it, and puts that aside when it turns out unfit.
   *
   * @throws FarmException what the opening throws
   */
  <T> T quarantiningFailures(String kind, String name, Supplier<T> opening) {
    try {
      return opening.get();
    } catch (FarmException e) {
      if (e.kind() == FailureKind.WORKER_UNFIT) {
        put(kind, name, e.getMessage());
      }
      throw e;
    }
  }

  /** Why it must not be used, as a sentence; empty if it may. */
  Optional<String> complaint(String kind, String name) {
    return why(kind, name).map(why -> "%s %s cannot be used here: %s".formatted(kind, name, why));
  }

  private Optional<String> why(String kind, String name) {
    Suspect suspect = new Suspect(kind, name);
    Sentence sentence = sentences.get(suspect);
    if (sentence != null && nanos.getAsLong() - sentence.since() > TERM.toNanos()) {
      sentences.remove(suspect);
      return Optional.empty();
    }
    return Optional.ofNullable(sentence).map(Sentence::why);
  }
}

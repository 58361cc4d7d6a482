package farm.darkroom.common.kafka;

import static java.util.Objects.requireNonNull;

import java.util.Map;
import java.util.Optional;
import java.util.function.LongSupplier;
import java.util.function.Supplier;

/**
 * How many jobs the topics of a queue hold, by what the broker said last. Whoever will want to know
 * soon asks ahead, and then waits less or not at all. Thread-safe.
 */
final class QueueDepths {
  private final Supplier<Supplier<Map<String, Long>>> broker;
  private final LongSupplier nanos;
  private Optional<Supplier<Map<String, Long>>> awaited = Optional.empty();
  private Map<String, Long> known = Map.of();
  private long askedAt;
  private long knownAt;

  /**
   * @param broker is asked at once, and gives what waits for its answer
   * @param nanos a monotonic clock, in nanoseconds
   */
  QueueDepths(Supplier<Supplier<Map<String, Long>>> broker, LongSupplier nanos) {
    this.broker = requireNonNull(broker, "broker");
    this.nanos = requireNonNull(nanos, "nanos");
    askedAt = never();
    knownAt = never();
  }

  /** Asks the broker, unless it was asked at or after {@code moment}, and does not wait. */
  synchronized void refreshSince(long moment) {
    if (askedAt - moment < 0) {
      long now = nanos.getAsLong();
      awaited = Optional.of(broker.get());
      askedAt = now;
    }
  }

  /**
   * What the broker said, by topic, when it was asked at or after {@code moment}; asks it if need
   * be.
   *
   * @throws farm.darkroom.common.FarmException QUEUE_UNAVAILABLE
   */
  synchronized Map<String, Long> since(long moment) {
    if (knownAt - moment < 0) {
      refreshSince(moment);
      known = answer(awaited.orElseThrow());
      knownAt = askedAt;
      awaited = Optional.empty();
    }
    return known;
  }

  /** A question that failed must not answer a later one. */
  private Map<String, Long> answer(Supplier<Map<String, Long>> waiting) {
    try {
      return waiting.get();
    } catch (RuntimeException e) {
      awaited = Optional.empty();
      askedAt = never();
      throw e;
    }
  }

  private long never() {
    return nanos.getAsLong() - Long.MAX_VALUE / 2;
  }
}

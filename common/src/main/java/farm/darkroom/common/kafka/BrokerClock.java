package farm.darkroom.common.kafka;

import static java.util.Objects.requireNonNull;

import farm.darkroom.common.FarmException;
import java.time.Duration;
import java.time.Instant;
import java.util.Optional;
import java.util.function.LongSupplier;
import java.util.function.Supplier;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The broker's clock. It is asked now and then; in between a monotonic clock counts, which stands
 * still while a machine sleeps. Not thread-safe.
 */
final class BrokerClock {
  static final Duration AGAIN = Duration.ofMinutes(5);

  /** The wait after a failed attempt: asking a broker that is down blocks the caller. */
  static final Duration AGAIN_IN_VAIN = Duration.ofMinutes(1);

  private static final Logger log = LoggerFactory.getLogger(BrokerClock.class);

  private final Supplier<Instant> broker;
  private final LongSupplier nanos;
  private Optional<Told> told = Optional.empty();
  private long dueAt;

  /**
   * @param broker asks it
   * @param nanos as {@link System#nanoTime}
   */
  BrokerClock(Supplier<Instant> broker, LongSupplier nanos) {
    this.broker = requireNonNull(broker, "broker");
    this.nanos = requireNonNull(nanos, "nanos");
    this.dueAt = nanos.getAsLong();
  }

  /** The broker's time at one reading of the monotonic clock. */
  private record Told(Instant at, long nanos) {}

  /**
   * Returns the broker's time, asking the broker if the last answer is older than {@link #AGAIN}.
   *
   * @return empty if the broker has never answered
   */
  Optional<Instant> now() {
    if (nanos.getAsLong() - dueAt >= 0) {
      ask();
    }
    return told.map(last -> last.at().plusNanos(nanos.getAsLong() - last.nanos()));
  }

  private void ask() {
    Duration again = AGAIN_IN_VAIN;
    try {
      Instant at = broker.get();
      told = Optional.of(new Told(at, nanos.getAsLong()));
      again = AGAIN;
    } catch (FarmException e) {
      log.debug("the broker does not say what time it is", e);
    }
    dueAt = nanos.getAsLong() + again.toNanos();
  }
}

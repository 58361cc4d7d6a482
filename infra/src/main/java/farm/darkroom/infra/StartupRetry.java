package farm.darkroom.infra;

import static java.util.Objects.requireNonNull;

import farm.darkroom.common.Backoff;
import farm.darkroom.common.FarmException;
import java.time.Duration;
import java.util.Optional;
import java.util.concurrent.TimeUnit;
import java.util.function.Consumer;
import java.util.function.LongSupplier;
import java.util.function.Supplier;

/**
 * Retries while a worker starts and its broker or store is away, so that an outage does not cost a
 * farm its workers. A refusal is reported at once. Not thread-safe.
 */
final class StartupRetry {
  /** After this time a mistyped address is more likely than an outage. */
  static final Duration PATIENCE = Duration.ofMinutes(2);

  private static final Backoff PAUSE = new Backoff(Duration.ofSeconds(1), Duration.ofSeconds(15));

  private final Optional<Duration> most;
  private final LongSupplier nanos;
  private final Consumer<Duration> pause;
  private final Consumer<String> say;
  private String said = "";

  /**
   * @param most how long to wait for one answer; empty: for ever
   * @param nanos the time, as {@link System#nanoTime} has it
   * @param pause waits so long
   * @param say tells the user what is not answering
   */
  StartupRetry(
      Optional<Duration> most, LongSupplier nanos, Consumer<Duration> pause, Consumer<String> say) {
    this.most = requireNonNull(most, "most");
    this.nanos = requireNonNull(nanos, "nanos");
    this.pause = requireNonNull(pause, "pause");
    this.say = requireNonNull(say, "say");
  }

  /** A retry in real time. */
  static StartupRetry of(Optional<Duration> most, Consumer<String> say) {
    return new StartupRetry(most, System::nanoTime, StartupRetry::sleep, say);
  }

  /**
   * Repeats the call until it is answered.
   *
   * @throws FarmException what is no outage, and one that lasts too long
   */
  <T> T untilAnswered(Supplier<T> call) {
    long begun = nanos.getAsLong();
    for (int failures = 1; ; failures++) {
      try {
        return call.get();
      } catch (FarmException e) {
        Duration waited = Duration.ofNanos(nanos.getAsLong() - begun);
        if (!e.isTransient() || most.filter(limit -> waited.compareTo(limit) >= 0).isPresent()) {
          throw e;
        }
        logOnce(e);
        pause.accept(PAUSE.after(failures));
      }
    }
  }

  /** Says each reason once. */
  private void logOnce(FarmException e) {
    if (!said.equals(e.getMessage())) {
      said = e.getMessage();
      String until = most.map(limit -> " for " + limit.toSeconds() + " s").orElse("");
      say.accept(said + "; trying again" + until);
    }
  }

  private static void sleep(Duration wait) {
    try {
      TimeUnit.NANOSECONDS.sleep(wait.toNanos());
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
  }
}

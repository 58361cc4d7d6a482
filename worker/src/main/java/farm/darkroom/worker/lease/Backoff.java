package farm.darkroom.worker.lease;

import static java.util.Objects.requireNonNull;

import java.time.Duration;
import java.util.random.RandomGenerator;

/**
 * Waits that double, from {@code first} to {@code longest}.
 *
 * @param first the wait before the second try
 * @param longest no wait is longer
 */
public record Backoff(Duration first, Duration longest) {
  private static final int MAX_DOUBLINGS = 30;

  public Backoff {
    requireNonNull(first, "first");
    requireNonNull(longest, "longest");
  }

  /** The wait after {@code failures} failures in a row, from 1. */
  public Duration after(int failures) {
    int doublings = Math.min(MAX_DOUBLINGS, Math.max(0, failures - 1));
    Duration wait = first.multipliedBy(1L << doublings);
    return wait.compareTo(longest) < 0 ? wait : longest;
  }

  /**
   * The same with jitter, between half of it and all of it, so that workers do not come at once.
   */
  Duration after(int failures, RandomGenerator random) {
    long nanos = after(failures).toNanos();
    return Duration.ofNanos(nanos - (long) (random.nextDouble() * nanos / 2));
  }
}

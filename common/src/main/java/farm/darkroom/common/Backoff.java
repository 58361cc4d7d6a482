package farm.darkroom.common;

import static java.util.Objects.requireNonNull;

import java.time.Duration;
import java.util.random.RandomGenerator;

/**
 * Exponential back-off: waits that double from {@code first} up to {@code longest}.
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
    return bounded(first.multipliedBy(1L << doublings));
  }

  /**
   * As {@link #after(int)} with jitter, between half and all of it, so that workers do not retry at
   * the same moment.
   */
  public Duration after(int failures, RandomGenerator random) {
    long nanos = after(failures).toNanos();
    return Duration.ofNanos(nanos - (long) (random.nextDouble() * nanos / 2));
  }

  /** A wait that somebody else asks for, no longer than the longest. */
  public Duration bounded(Duration wait) {
    return wait.compareTo(longest) < 0 ? wait : longest;
  }
}

package farm.darkroom.common.kafka;

import java.time.Duration;

/**
 * When this worker asks for leases, which tells how short its jobs are, and how old an answer of
 * the broker may be. All times are of {@link System#nanoTime}. Thread-safe.
 */
final class LeaseTiming {
  /** A worker that comes back within this time has short jobs. */
  static final Duration BUSY = Duration.ofMillis(150);

  /** The depths are requested again at this age, so that short jobs need not wait for them. */
  static final long REFRESH_NANOS = Duration.ofMillis(200).toNanos();

  /** How old the depths may be, for short jobs and for a lease that was expected. */
  private static final long OLDEST_NANOS = Duration.ofMillis(250).toNanos();

  /** Between jobs this short, only open fetches are checked. */
  private static final long HURRY_NANOS = Duration.ofMillis(20).toNanos();

  private volatile long leasedAt;
  private volatile long expectedAt;

  /** A call for a lease has ended. */
  void leased(long now) {
    leasedAt = now;
  }

  /** How long it is since the last call ended, in nanoseconds. */
  long since(long now) {
    return now - leasedAt;
  }

  boolean isBusy(long now) {
    return since(now) < BUSY.toNanos();
  }

  /**
   * A lease will be asked for soon.
   *
   * @return whether the depths are to be requested for it; not where jobs are so short that it does
   *     not need them
   */
  boolean expect(long now) {
    boolean needed = !isBusy(now) && now - expectedAt > OLDEST_NANOS;
    if (needed) {
      expectedAt = now;
    }
    return needed;
  }

  /** How to search for a lease that is asked for now. */
  LaneSearch.Mode mode(long now) {
    boolean busy = isBusy(now);
    return new LaneSearch.Mode(
        busy, since(now) < HURRY_NANOS, busy ? now - OLDEST_NANOS : expectedOr(now));
  }

  private long expectedOr(long now) {
    boolean late = expectedAt - leasedAt <= 0 || now - expectedAt > OLDEST_NANOS;
    return late ? now : expectedAt;
  }
}

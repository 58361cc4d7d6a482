package farm.darkroom.submitter.watch;

import java.time.Duration;
import java.util.Optional;

/**
 * Estimates the time that remains from the pace at which jobs ended so far. Between two ends the
 * estimate only counts down. Not thread-safe.
 */
final class EtaEstimate {
  /** Workers together end jobs in bunches; a silence of more than this many is no pace. */
  private static final int GAPS = 3;

  private final int before;
  private int ended;
  private Duration last = Duration.ZERO;
  private Duration longest = Duration.ZERO;

  /**
   * @param before how many had ended when watching began
   */
  EtaEstimate(int before) {
    this.before = before;
    this.ended = before;
  }

  /**
   * Takes in how far the jobs are.
   *
   * @param ended of all
   * @param gone since watching began
   */
  void update(int ended, Duration gone) {
    if (ended == this.ended) {
      return;
    }
    Duration gap = gone.minus(last);
    longest = gap.compareTo(longest) > 0 ? gap : longest;
    last = gone;
    this.ended = ended;
  }

  /**
   * The time until all have ended; empty while there is nothing to go by, or no more.
   *
   * @param gone since watching began
   */
  Optional<Duration> left(int all, Duration gone) {
    Duration silence = gone.minus(last);
    if (ended <= before || silence.compareTo(longest.multipliedBy(GAPS)) > 0) {
      return Optional.empty();
    }
    double each = last.toMillis() / (double) (ended - before);
    long waited = Math.min(silence.toMillis(), longest.toMillis());
    return Optional.of(Duration.ofMillis(Math.max(0, Math.round(each * (all - ended)) - waited)));
  }
}

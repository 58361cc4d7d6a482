package farm.darkroom.submitter.watch;

import static java.util.Objects.requireNonNull;

import java.time.Duration;
import java.time.Instant;
import java.util.Optional;

/**
 * How long jobs will take, from when others ended. Between two ends the time that is left only
 * falls. For one thread.
 */
final class PaceSoFar {
  /** Workers together end jobs in bunches; a silence of more than this many is no pace. */
  private static final int GAPS = 3;

  private final Instant start;
  private final int before;
  private int ended;
  private Instant last;
  private Duration longest = Duration.ZERO;

  /**
   * @param start when watching began
   * @param before how many had ended by then
   */
  PaceSoFar(Instant start, int before) {
    this.start = requireNonNull(start, "start");
    this.before = before;
    this.ended = before;
    this.last = start;
  }

  /**
   * Takes in how far the jobs are.
   *
   * @param ended of all
   */
  void note(int ended, Instant now) {
    if (ended == this.ended) {
      return;
    }
    Duration gap = Duration.between(last, now);
    longest = gap.compareTo(longest) > 0 ? gap : longest;
    last = now;
    this.ended = ended;
  }

  /** The time until all have ended; empty while there is nothing to go by, or no more. */
  Optional<Duration> left(int all, Instant now) {
    Duration silence = Duration.between(last, now);
    if (ended <= before || silence.compareTo(longest.multipliedBy(GAPS)) > 0) {
      return Optional.empty();
    }
    double each = Duration.between(start, last).toMillis() / (double) (ended - before);
    long gone = Math.min(silence.toMillis(), longest.toMillis());
    return Optional.of(Duration.ofMillis(Math.max(0, Math.round(each * (all - ended)) - gone)));
  }
}

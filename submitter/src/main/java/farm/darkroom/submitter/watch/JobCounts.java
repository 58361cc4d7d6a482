package farm.darkroom.submitter.watch;

import farm.darkroom.common.job.JobState;
import java.util.Collection;
import java.util.Collections;
import java.util.EnumMap;
import java.util.Map;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/**
 * Counts jobs by state.
 *
 * @param counts by state, those that have any
 * @param unknown jobs that no log knows, and that are not stored: not on the queue
 */
public record JobCounts(Map<JobState, Integer> counts, int unknown) {

  public JobCounts {
    EnumMap<JobState, Integer> sorted = new EnumMap<>(JobState.class);
    sorted.putAll(counts);
    counts = Collections.unmodifiableMap(sorted);
  }

  /**
   * Counts jobs.
   *
   * @param known the states of those that a log or the store knows
   * @param all how many there are
   */
  public static JobCounts of(Collection<JobState> known, int all) {
    EnumMap<JobState, Integer> counts = new EnumMap<>(JobState.class);
    known.forEach(state -> counts.merge(state, 1, Integer::sum));
    return new JobCounts(counts, all - known.size());
  }

  public int of(JobState state) {
    return counts.getOrDefault(state, 0);
  }

  public int total() {
    return unknown + counts.values().stream().mapToInt(Integer::intValue).sum();
  }

  /** Those that will not change any more: stored, dead or cancelled. */
  public int ended() {
    return of(JobState.STORED) + of(JobState.DEAD) + of(JobState.CANCELLED);
  }

  public boolean isOver() {
    return ended() == total();
  }

  /** Such as {@code 3 queued, 1 started, 36 stored}. */
  @Override
  public String toString() {
    Stream<String> known =
        counts.entrySet().stream().map(count -> count.getValue() + " " + count.getKey().label());
    Stream<String> rest = unknown == 0 ? Stream.empty() : Stream.of(unknown + " not on the queue");
    return Stream.concat(known, rest).collect(Collectors.joining(", "));
  }
}

package farm.darkroom.submitter.watch;

import static java.util.Objects.requireNonNull;

import farm.darkroom.common.job.JobEvent;
import farm.darkroom.common.job.JobState;
import java.time.Instant;
import java.util.Collection;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.stream.Collectors;

/**
 * Counts a batch's jobs by state, as far as events tell.
 *
 * @param last when something was heard of it last; empty when nothing was
 */
public record BatchCounts(String batch, JobCounts counts, Optional<Instant> last) {
  private static final Comparator<BatchCounts> LATEST =
      Comparator.comparing((BatchCounts one) -> one.last().orElse(Instant.MIN))
          .reversed()
          .thenComparing(BatchCounts::batch);

  public BatchCounts {
    requireNonNull(batch, "batch");
    requireNonNull(counts, "counts");
    requireNonNull(last, "last");
  }

  /**
   * The batches of these jobs, the one first that was heard of last. A job of several batches
   * counts in the one that its last event names.
   *
   * @param jobs the last event of each
   */
  public static List<BatchCounts> of(Collection<JobEvent> jobs) {
    Map<String, List<JobEvent>> byBatch =
        jobs.stream()
            .filter(event -> event.batch().isPresent())
            .collect(Collectors.groupingBy(event -> event.batch().orElseThrow()));
    return byBatch.entrySet().stream()
        .map(batch -> of(batch.getKey(), batch.getValue()))
        .sorted(LATEST)
        .toList();
  }

  private static BatchCounts of(String batch, List<JobEvent> jobs) {
    List<JobState> states = jobs.stream().map(JobEvent::state).toList();
    Optional<Instant> last = jobs.stream().map(JobEvent::at).max(Comparator.naturalOrder());
    return new BatchCounts(batch, JobCounts.of(states, states.size()), last);
  }
}

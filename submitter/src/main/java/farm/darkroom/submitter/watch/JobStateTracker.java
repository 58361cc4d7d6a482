package farm.darkroom.submitter.watch;

import farm.darkroom.common.job.JobEvent;
import farm.darkroom.common.job.JobId;
import farm.darkroom.common.job.JobState;
import farm.darkroom.common.store.ResultStore;
import farm.darkroom.submitter.submit.StoredResults;
import java.util.Collection;
import java.util.HashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;

/** Tracks the states of chosen jobs from the farm's logs. Not thread-safe. */
public final class JobStateTracker {
  private static final int FEW = 500;

  private final Set<String> ids;
  private final Map<String, JobState> states = new HashMap<>();

  /**
   * @param ids the jobs that count; others are passed over
   */
  public JobStateTracker(Collection<String> ids) {
    this.ids = new LinkedHashSet<>(ids);
  }

  /** Takes events in. What is stored stays stored: the record is the truth, events come late. */
  public void apply(Collection<JobEvent> events) {
    for (JobEvent event : events) {
      if (ids.contains(event.jobId()) && states.get(event.jobId()) != JobState.STORED) {
        states.put(event.jobId(), event.state());
      }
    }
  }

  /**
   * Asks the store for those that have not ended well as far as is known. While many wait in the
   * queue, these are left out: it would take long, and their events come.
   *
   * @throws farm.darkroom.common.FarmException STORE_UNAVAILABLE
   */
  public void ask(ResultStore store) {
    long waiting = states.values().stream().filter(state -> state == JobState.QUEUED).count();
    List<JobId> open =
        ids.stream()
            .filter(id -> states.get(id) != JobState.STORED)
            .filter(id -> states.get(id) != JobState.QUEUED || waiting <= FEW)
            // Anybody may have written an event of a name that is no id, or almost one.
            .filter(JobId::isId)
            .map(JobId::new)
            .toList();
    new StoredResults(store).among(open).forEach(id -> states.put(id.text(), JobState.STORED));
  }

  boolean isDead(String id) {
    return states.get(id) == JobState.DEAD;
  }

  public JobCounts counts() {
    return JobCounts.of(states.values(), ids.size());
  }
}

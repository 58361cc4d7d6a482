package farm.darkroom.infra.dashboard;

import farm.darkroom.common.job.JobEvent;
import farm.darkroom.common.job.JobState;
import java.util.Collections;
import java.util.Comparator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/**
 * The jobs that ended last, as many as a page shows. It remembers what it heard, since behind a
 * large submission the log ends with jobs that only wait. Not thread-safe.
 */
final class RecentlyEnded {
  private final int most;
  private final Map<String, JobEvent> stored = new LinkedHashMap<>();
  private final Map<String, JobEvent> dead = new LinkedHashMap<>();

  /**
   * @param most how many of each kind
   */
  RecentlyEnded(int most) {
    this.most = most;
  }

  /**
   * Takes events in order; repeated ones change nothing. Deaths that no worker reported are added
   * after them.
   */
  void add(List<JobEvent> events) {
    for (JobEvent event : events) {
      stored.remove(event.jobId());
      dead.remove(event.jobId());
      if (event.state() == JobState.STORED) {
        keep(stored, event);
      } else if (event.state() == JobState.DEAD) {
        keep(dead, event);
      }
    }
  }

  /** The events of stored jobs, latest first. */
  List<JobEvent> stored() {
    return latestFirst(stored);
  }

  /** The events of dead jobs, latest first. */
  List<JobEvent> dead() {
    return latestFirst(dead);
  }

  private void keep(Map<String, JobEvent> ends, JobEvent event) {
    ends.put(event.jobId(), event);
    if (ends.size() > most) {
      JobEvent oldest = Collections.min(ends.values(), Comparator.comparing(JobEvent::at));
      ends.remove(oldest.jobId());
    }
  }

  private static List<JobEvent> latestFirst(Map<String, JobEvent> ends) {
    Comparator<JobEvent> earliestFirst = Comparator.comparing(JobEvent::at);
    return ends.values().stream().sorted(earliestFirst.reversed()).toList();
  }
}

package farm.darkroom.submitter.submit;

import farm.darkroom.common.job.JobEvent;
import farm.darkroom.common.job.JobState;
import java.time.Instant;
import java.util.Optional;

/** Makes the events that submitters publish. */
public final class SubmitterEvents {
  private SubmitterEvents() {}

  /** The job is on the queue. */
  public static JobEvent queued(String id, Optional<String> batch, Instant at) {
    return event(id, JobState.QUEUED, batch, at);
  }

  /** The event of a job that was cancelled before any worker began it. */
  public static JobEvent cancelled(String id, Optional<String> batch, Instant at) {
    return event(id, JobState.CANCELLED, batch, at);
  }

  /**
   * The job is dead and its letter deleted.
   *
   * @param end how it died
   */
  public static JobEvent purged(JobEvent end, Instant at) {
    return new JobEvent(
        end.jobId(),
        JobState.DEAD,
        at,
        end.batch(),
        Optional.empty(),
        end.attempt(),
        end.kind(),
        end.reason());
  }

  private static JobEvent event(String id, JobState state, Optional<String> batch, Instant at) {
    return new JobEvent(
        id, state, at, batch, Optional.empty(), 0, Optional.empty(), Optional.empty());
  }
}

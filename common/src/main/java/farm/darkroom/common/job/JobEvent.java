package farm.darkroom.common.job;

import static java.util.Objects.requireNonNull;

import farm.darkroom.common.FailureKind;
import java.time.Instant;
import java.util.Optional;

/**
 * One change in a job's life.
 *
 * @param jobId the job, or the record's key when the record was no job
 * @param batch the batch it was submitted in; empty for none
 * @param worker the worker that publishes it; empty for the submitter
 * @param attempt the delivery count that the worker saw; 0 for the submitter
 * @param kind what went wrong, for FAILED and DEAD
 * @param reason the FarmException's text, for FAILED and DEAD
 * @param record which record of the queue the worker held; empty for the submitter
 */
public record JobEvent(
    String jobId,
    JobState state,
    Instant at,
    Optional<String> batch,
    Optional<String> worker,
    int attempt,
    Optional<FailureKind> kind,
    Optional<String> reason,
    Optional<String> record) {

  public JobEvent {
    requireNonNull(jobId, "jobId");
    requireNonNull(state, "state");
    requireNonNull(at, "at");
    requireNonNull(batch, "batch");
    requireNonNull(worker, "worker");
    requireNonNull(kind, "kind");
    requireNonNull(reason, "reason");
    requireNonNull(record, "record");
  }

  /** An event that does not stem from a record of a queue. */
  public JobEvent(
      String jobId,
      JobState state,
      Instant at,
      Optional<String> batch,
      Optional<String> worker,
      int attempt,
      Optional<FailureKind> kind,
      Optional<String> reason) {
    this(jobId, state, at, batch, worker, attempt, kind, reason, Optional.empty());
  }

  /** This event at another time. */
  public JobEvent at(Instant other) {
    return new JobEvent(jobId, state, other, batch, worker, attempt, kind, reason, record);
  }

  /** Canonical JSON, UTF-8. */
  public byte[] toJson() {
    return JobEventJson.write(this);
  }

  /**
   * Reads an event; fields of a later version are passed over.
   *
   * @throws farm.darkroom.common.FarmException INVALID_JOB when the bytes are no event
   */
  public static JobEvent fromJson(byte[] bytes) {
    return JobEventJson.read(bytes);
  }
}

package farm.darkroom.worker.stage;

import static java.util.Objects.requireNonNull;

import farm.darkroom.common.FarmException;
import farm.darkroom.common.job.JobState;
import farm.darkroom.worker.lease.HeldJob;
import farm.darkroom.worker.lease.JobEventPublisher;
import farm.darkroom.worker.lease.LeaseAcknowledger;
import farm.darkroom.worker.lease.OutageRetry;

/**
 * Ends held jobs: what became of one is published before its lease ends, so that none leaves the
 * queue unexplained. Thread-safe.
 *
 * @param retry sits out what does not answer
 */
public record JobCompletion(
    OutageRetry retry, JobEventPublisher events, LeaseAcknowledger acknowledger) {
  public JobCompletion {
    requireNonNull(retry, "retry");
    requireNonNull(events, "events");
    requireNonNull(acknowledger, "acknowledger");
  }

  /** Releases a job that failed here, for another worker to try. */
  void release(HeldJob held, FarmException why) {
    events.publish(held, JobState.FAILED, why);
    acknowledger.release(held);
  }

  /** Makes a dead letter of the job, once the queue can take one. */
  void deadLetter(HeldJob held, FarmException why) {
    acknowledger.requireDeadLetters(held);
    events.publish(held, JobState.DEAD, why);
    acknowledger.reject(held);
  }
}

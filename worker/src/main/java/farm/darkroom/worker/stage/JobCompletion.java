package farm.darkroom.worker.stage;

import static java.util.Objects.requireNonNull;

import farm.darkroom.worker.lease.JobEventPublisher;
import farm.darkroom.worker.lease.LeaseAcknowledger;
import farm.darkroom.worker.lease.OutageRetry;

/**
 * Ends held jobs: publishes their events and acknowledges their leases. Thread-safe.
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
}

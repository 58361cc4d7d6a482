package farm.darkroom.worker.stage;

import static java.util.Objects.requireNonNull;

import farm.darkroom.worker.lease.Announcer;
import farm.darkroom.worker.lease.LeaseEndings;
import farm.darkroom.worker.lease.OutageRetry;

/**
 * Ends held jobs: publishes their events and acknowledges their leases. Thread-safe.
 *
 * @param retry sits out what does not answer
 */
public record Settlement(OutageRetry retry, Announcer announcer, LeaseEndings endings) {
  public Settlement {
    requireNonNull(retry, "retry");
    requireNonNull(announcer, "announcer");
    requireNonNull(endings, "endings");
  }
}

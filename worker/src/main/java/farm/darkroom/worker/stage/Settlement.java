package farm.darkroom.worker.stage;

import static java.util.Objects.requireNonNull;

import farm.darkroom.worker.lease.Announcer;
import farm.darkroom.worker.lease.LeaseEndings;
import farm.darkroom.worker.lease.Persistence;

/**
 * Ends held jobs: publishes their events and acknowledges their leases. Thread-safe.
 *
 * @param persistence sits out what does not answer
 */
public record Settlement(Persistence persistence, Announcer announcer, LeaseEndings endings) {
  public Settlement {
    requireNonNull(persistence, "persistence");
    requireNonNull(announcer, "announcer");
    requireNonNull(endings, "endings");
  }
}

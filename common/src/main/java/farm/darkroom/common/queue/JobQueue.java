package farm.darkroom.common.queue;

import java.time.Duration;
import java.util.Optional;

/**
 * The worker's side of one queue, which it shares with the queue's other workers. Several leases
 * may be open at a time, as for a micro-batch. Safe for one leasing thread beside lease keepers.
 */
public interface JobQueue extends AutoCloseable {

  /**
   * Waits for a job, most urgent lane first.
   *
   * @return empty when none came within {@code wait}
   * @throws farm.darkroom.common.FarmException QUEUE_UNAVAILABLE
   */
  Optional<Lease> lease(Duration wait);

  /**
   * Announces that {@link #lease} will be called soon, so that the queue can make its enquiries in
   * advance. Leases nothing, and does not wait.
   */
  default void expectLease() {}

  /**
   * Ends a waiting {@link #lease} and prevents new ones, though one that has just arrived may still
   * be returned. Leases that are held can still be settled.
   */
  void stopLeasing();

  /** How long a lease lasts without renewal. */
  Duration leaseTime();

  /** How many deliveries a job has before the broker makes it a dead letter. */
  int deliveryLimit();

  /** Gives back every open lease and leaves the queue. */
  @Override
  void close();
}

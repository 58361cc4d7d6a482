package farm.darkroom.common.queue;

import java.time.Duration;
import java.util.Optional;

/**
 * The worker's side of one queue: leases, shared with every other worker of the queue. A queue
 * holds at most one lease per call of {@link #lease}; several leases may be open for a micro-batch.
 * Safe for one leasing thread beside lease keepers.
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
   * Says that {@link #lease} will be called in a moment, so that what has to be asked before a job
   * is taken is asked meanwhile. Takes nothing, and does not wait.
   */
  default void expectLease() {}

  /**
   * Ends a {@link #lease} that waits; none begins from now on, but one that just came may still be
   * given. What is held can still be settled.
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

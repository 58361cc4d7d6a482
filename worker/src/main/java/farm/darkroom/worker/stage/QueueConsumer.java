package farm.darkroom.worker.stage;

import static java.util.Objects.requireNonNull;

import farm.darkroom.common.FarmException;
import farm.darkroom.common.queue.Cancellations;
import farm.darkroom.common.queue.JobQueue;
import farm.darkroom.worker.lease.HeldJob;
import farm.darkroom.worker.lease.LeaseKeeper;
import java.time.Duration;
import java.util.Optional;

/**
 * Where this worker's jobs come from, and what says that it is to take none, or to let go of one.
 * Thread-safe, but for {@link #lease}, which is one thread's.
 *
 * @param worker this worker's id
 * @param queueName the name of the queue that it serves
 * @param keeper renews what is leased
 * @param cancellations what was cancelled, paused and drained
 */
public record QueueConsumer(
    String worker,
    String queueName,
    JobQueue queue,
    LeaseKeeper keeper,
    Cancellations cancellations) {
  public QueueConsumer {
    requireNonNull(worker, "worker");
    requireNonNull(queueName, "queueName");
    requireNonNull(queue, "queue");
    requireNonNull(keeper, "keeper");
    requireNonNull(cancellations, "cancellations");
  }

  /**
   * Takes a lease, which is renewed from now on.
   *
   * @param wait how long for one; zero for one that is here already
   * @throws FarmException QUEUE_UNAVAILABLE; another kind when the queue refuses this worker
   */
  Optional<Leased> lease(Duration wait) {
    return queue.lease(wait).map(lease -> new Leased(lease, keeper.keep(lease)));
  }

  /** Tells the queue that the renderer will soon be free, so that it may look for a job. */
  void expectLease() {
    queue.expectLease();
  }

  /** Whether no other worker will get the held job when this one hands it back. */
  boolean lastDelivery(HeldJob held) {
    return held.attempt() >= queue.deliveryLimit();
  }

  /** Whether the held job is not wanted any more. */
  boolean cancelled(HeldJob held) {
    return cancellations.isCancelled(held.key(), held.batch());
  }

  /** Whether this worker is to leave when it holds nothing. */
  boolean draining() {
    return cancellations.isDraining(worker);
  }

  /** Whether nobody is to take jobs off the queue. */
  boolean paused() {
    return cancellations.isPaused(queueName);
  }
}

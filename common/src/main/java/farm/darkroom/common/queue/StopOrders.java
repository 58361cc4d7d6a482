package farm.darkroom.common.queue;

import farm.darkroom.common.queue.StopOrder.Scope;
import java.util.Optional;
import java.util.Set;

/**
 * The orders that stand ({@code darkroom.control}, compacted). Questions are answered from memory;
 * an order given elsewhere is known here a moment later. Thread-safe.
 */
public interface StopOrders extends Cancellations, AutoCloseable {

  /**
   * Publishes an order.
   *
   * @throws farm.darkroom.common.FarmException QUEUE_UNAVAILABLE
   */
  void stop(StopOrder order);

  /**
   * Takes an order back.
   *
   * @throws farm.darkroom.common.FarmException QUEUE_UNAVAILABLE
   */
  void resume(StopOrder order);

  /** The orders in force, as a live view. */
  Set<StopOrder> standing();

  /**
   * Announces that a worker of this name has started. A drain order under that name was meant for
   * its predecessor, and is revoked.
   *
   * @throws farm.darkroom.common.FarmException QUEUE_UNAVAILABLE
   */
  default void arrive(String workerId) {
    if (isDraining(workerId)) {
      resume(new StopOrder(Scope.WORKER, workerId));
    }
  }

  @Override
  default boolean isCancelled(String jobId, Optional<String> batch) {
    Set<StopOrder> standing = standing();
    return standing.contains(new StopOrder(Scope.JOB, jobId))
        || batch.filter(name -> standing.contains(new StopOrder(Scope.BATCH, name))).isPresent();
  }

  @Override
  default boolean isDraining(String workerId) {
    return standing().contains(new StopOrder(Scope.WORKER, workerId));
  }

  @Override
  default boolean isPaused(String queue) {
    return standing().contains(new StopOrder(Scope.QUEUE, queue));
  }

  @Override
  void close();
}

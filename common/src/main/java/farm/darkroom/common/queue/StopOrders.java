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
   * Gives an order.
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

  /** All that stand, as a view that follows them. */
  Set<StopOrder> standing();

  /**
   * A worker of this name begins. An order to drain it concerned one that is gone, and is taken
   * back.
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

package farm.darkroom.infra.queue;

import farm.darkroom.common.queue.DeadLetters;
import farm.darkroom.common.queue.JobPublisher;
import farm.darkroom.common.queue.JobQueue;

/** A fresh queue, with leases of four seconds and three deliveries. */
interface QueueUnderTest extends AutoCloseable {

  JobPublisher publisher();

  /** Another worker's side of the queue. */
  JobQueue join();

  DeadLetters deadLetters();

  /**
   * Returns when the broker hands jobs to no more than so many connections of its workers. Workers
   * without connections take none that they did not ask for.
   */
  default void awaitMembers(int most) {}

  @Override
  void close();
}

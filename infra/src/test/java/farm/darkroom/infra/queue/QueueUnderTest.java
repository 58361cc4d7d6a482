package farm.darkroom.infra.queue;

import farm.darkroom.common.queue.DeadLetters;
import farm.darkroom.common.queue.JobPublisher;
import farm.darkroom.common.queue.JobQueue;

/** A fresh queue, with leases of two seconds and three deliveries. */
interface QueueUnderTest extends AutoCloseable {

  JobPublisher publisher();

  /** Another worker's side of the queue. */
  JobQueue join();

  DeadLetters deadLetters();

  @Override
  void close();
}

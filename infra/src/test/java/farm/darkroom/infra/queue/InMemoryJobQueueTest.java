package farm.darkroom.infra.queue;

import farm.darkroom.common.queue.DeadLetters;
import farm.darkroom.common.queue.InMemoryBroker;
import farm.darkroom.common.queue.JobPublisher;
import farm.darkroom.common.queue.JobQueue;
import java.time.Clock;
import org.junit.jupiter.api.parallel.Execution;
import org.junit.jupiter.api.parallel.ExecutionMode;

/** The fake that the worker's tests build upon does what the real one does. */
@Execution(ExecutionMode.CONCURRENT)
class InMemoryJobQueueTest extends JobQueueContract {

  @Override
  QueueUnderTest open() {
    return new Fake(new InMemoryBroker(Clock.systemUTC(), LEASE_TIME, DELIVERY_LIMIT));
  }

  private record Fake(InMemoryBroker broker) implements QueueUnderTest {
    @Override
    public JobPublisher publisher() {
      return broker;
    }

    @Override
    public JobQueue join() {
      return broker.join();
    }

    @Override
    public DeadLetters deadLetters() {
      return broker.deadLetters();
    }

    @Override
    public void close() {}
  }
}

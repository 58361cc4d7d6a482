package farm.darkroom.common.queue;

import farm.darkroom.common.FailureKind;
import farm.darkroom.common.FarmException;
import java.time.Duration;
import java.util.HashSet;
import java.util.Optional;
import java.util.Set;

/** One worker's side of an {@link InMemoryBroker}. */
public final class InMemoryJobQueue implements JobQueue {
  private final InMemoryBroker broker;
  private final LaneOrder order = new LaneOrder();
  private final Set<InMemoryLease> taken = new HashSet<>();
  private volatile boolean closed;
  private volatile boolean stopped;
  private int expected;

  InMemoryJobQueue(InMemoryBroker broker) {
    this.broker = broker;
  }

  @Override
  public Optional<Lease> lease(Duration wait) {
    try {
      Optional<InMemoryLease> lease = broker.take(order, wait, () -> closed || stopped);
      lease.ifPresent(taken::add);
      return lease.map(held -> held);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new FarmException(FailureKind.QUEUE_UNAVAILABLE, "interrupted while leasing", e);
    }
  }

  @Override
  public void expectLease() {
    expected++;
  }

  /** How often a lease was expected. */
  public int expected() {
    return expected;
  }

  @Override
  public void stopLeasing() {
    stopped = true;
  }

  @Override
  public Duration leaseTime() {
    return broker.leaseTime();
  }

  @Override
  public int deliveryLimit() {
    return broker.deliveryLimit();
  }

  @Override
  public void close() {
    closed = true;
    broker.leave(taken);
    taken.clear();
  }
}

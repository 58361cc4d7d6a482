package farm.darkroom.infra.bench;

import farm.darkroom.common.queue.JobQueue;
import farm.darkroom.common.queue.Lease;
import farm.darkroom.common.queue.WrappedLease;
import java.time.Duration;
import java.util.Optional;
import java.util.function.Consumer;

/**
 * A queue that tells when its jobs are leased and accepted.
 *
 * @param leased told each key
 * @param accepted told each key
 */
record WatchedQueue(JobQueue queue, Consumer<String> leased, Consumer<String> accepted)
    implements JobQueue {

  WatchedQueue(JobQueue queue, Passages passages) {
    this(queue, passages::leased, passages::accepted);
  }

  @Override
  public Optional<Lease> lease(Duration wait) {
    Optional<Lease> lease = queue.lease(wait);
    lease.ifPresent(held -> leased.accept(held.key()));
    return lease.map(held -> new WatchedLease(held, accepted));
  }

  @Override
  public void expectLease() {
    queue.expectLease();
  }

  @Override
  public void stopLeasing() {
    queue.stopLeasing();
  }

  @Override
  public Duration leaseTime() {
    return queue.leaseTime();
  }

  @Override
  public int deliveryLimit() {
    return queue.deliveryLimit();
  }

  @Override
  public void close() {
    queue.close();
  }

  private static final class WatchedLease extends WrappedLease {
    private final Consumer<String> accepted;

    WatchedLease(Lease lease, Consumer<String> accepted) {
      super(lease);
      this.accepted = accepted;
    }

    @Override
    public boolean accept() {
      boolean held = super.accept();
      if (held) {
        accepted.accept(key());
      }
      return held;
    }
  }
}

package farm.darkroom.infra.bench;

import farm.darkroom.common.queue.JobQueue;
import farm.darkroom.common.queue.Lane;
import farm.darkroom.common.queue.Lease;
import java.time.Duration;
import java.util.Optional;

/** A queue that notes when its jobs are leased and accepted. */
record WatchedQueue(JobQueue queue, Passages passages) implements JobQueue {

  @Override
  public Optional<Lease> lease(Duration wait) {
    Optional<Lease> lease = queue.lease(wait);
    passages.leased();
    return lease.map(held -> new WatchedLease(held, passages));
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

  private record WatchedLease(Lease lease, Passages passages) implements Lease {

    @Override
    public String key() {
      return lease.key();
    }

    @Override
    public byte[] payload() {
      return lease.payload();
    }

    @Override
    public Lane lane() {
      return lease.lane();
    }

    @Override
    public int deliveryCount() {
      return lease.deliveryCount();
    }

    @Override
    public boolean renew() {
      return lease.renew();
    }

    @Override
    public boolean accept() {
      boolean accepted = lease.accept();
      if (accepted) {
        passages.accepted(lease.key());
      }
      return accepted;
    }

    @Override
    public boolean release() {
      return lease.release();
    }

    @Override
    public boolean reject() {
      return lease.reject();
    }
  }
}

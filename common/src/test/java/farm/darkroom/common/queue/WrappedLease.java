package farm.darkroom.common.queue;

import static java.util.Objects.requireNonNull;

/** A lease with another one inside, for tests that look at, or change, one of its calls. */
public class WrappedLease implements Lease {
  private final Lease lease;

  protected WrappedLease(Lease lease) {
    this.lease = requireNonNull(lease, "lease");
  }

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
  public String record() {
    return lease.record();
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
    return lease.accept();
  }

  @Override
  public boolean release() {
    return lease.release();
  }

  @Override
  public void requireDeadLetters() {
    lease.requireDeadLetters();
  }

  @Override
  public boolean reject() {
    return lease.reject();
  }
}

package farm.darkroom.common.queue;

/** A lease of {@link InMemoryBroker}. */
final class InMemoryLease implements Lease {
  private final InMemoryBroker broker;
  private final InMemoryBroker.Entry entry;
  private final int deliveryCount;

  InMemoryLease(InMemoryBroker broker, InMemoryBroker.Entry entry, int deliveryCount) {
    this.broker = broker;
    this.entry = entry;
    this.deliveryCount = deliveryCount;
  }

  InMemoryBroker.Entry entry() {
    return entry;
  }

  @Override
  public String key() {
    return entry.posting.key();
  }

  @Override
  public byte[] payload() {
    return entry.posting.payload();
  }

  @Override
  public Lane lane() {
    return entry.lane;
  }

  @Override
  public String record() {
    return entry.record();
  }

  @Override
  public int deliveryCount() {
    return deliveryCount;
  }

  @Override
  public boolean renew() {
    return broker.renew(this);
  }

  @Override
  public boolean accept() {
    return broker.accept(this);
  }

  @Override
  public boolean release() {
    return broker.release(this);
  }

  @Override
  public void requireDeadLetters() {
    broker.requireDeadLetters();
  }

  @Override
  public boolean reject() {
    return broker.reject(this);
  }
}

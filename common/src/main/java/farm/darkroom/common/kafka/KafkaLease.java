package farm.darkroom.common.kafka;

import farm.darkroom.common.queue.Lane;
import farm.darkroom.common.queue.Lease;
import java.time.Duration;
import org.apache.kafka.clients.consumer.AcknowledgeType;
import org.apache.kafka.clients.consumer.ConsumerRecord;

/**
 * A record of a share group, acquired.
 *
 * <p>The broker does not fence: a late accept succeeds when another worker has finished the job
 * meanwhile. So the lease also counts its time itself, by the monotonic clock, and calls itself
 * lost when that is over.
 */
final class KafkaLease implements Lease {
  private final LeaseSlot slot;
  private final ConsumerRecord<byte[], byte[]> record;
  private final Lane lane;
  private final BrokerSettings leaseSettings;
  private long leaseNanos;
  private long since;
  private boolean ended;

  /** Settings of a lease that may change while it is held. */
  interface BrokerSettings {
    /** How long the lease lasts after its next renewal. */
    Duration leaseTime();

    /**
     * Checks that the dead letter topic is set up, because the broker silently drops rejected jobs
     * otherwise.
     *
     * @throws farm.darkroom.common.FarmException QUEUE_UNAVAILABLE
     */
    void requireDeadLetters();
  }

  KafkaLease(
      LeaseSlot slot,
      ConsumerRecord<byte[], byte[]> record,
      Lane lane,
      BrokerSettings leaseSettings) {
    this.slot = slot;
    this.record = record;
    this.lane = lane;
    this.leaseSettings = leaseSettings;
    this.leaseNanos = leaseSettings.leaseTime().toNanos();
    this.since = slot.freshAt();
  }

  @Override
  public String key() {
    return RecordKey.of(record).orElse(null);
  }

  @Override
  public byte[] payload() {
    return record.value() == null ? new byte[0] : record.value().clone();
  }

  @Override
  public Lane lane() {
    return lane;
  }

  @Override
  public String record() {
    return KafkaDeadLetters.place(record.topic(), record.partition(), record.offset());
  }

  @Override
  public int deliveryCount() {
    return record.deliveryCount().map(Short::intValue).orElse(1);
  }

  @Override
  public synchronized boolean renew() {
    if (isLost()) {
      return false;
    }
    long asked = System.nanoTime();
    boolean renewed = false;
    try {
      renewed = slot.renew(record);
      since = asked;
      leaseNanos = leaseSettings.leaseTime().toNanos();
      return renewed;
    } finally {
      ended = !renewed;
    }
  }

  @Override
  public boolean accept() {
    return settle(AcknowledgeType.ACCEPT);
  }

  @Override
  public boolean release() {
    return settle(AcknowledgeType.RELEASE);
  }

  @Override
  public void requireDeadLetters() {
    leaseSettings.requireDeadLetters();
  }

  @Override
  public boolean reject() {
    requireDeadLetters();
    return settle(AcknowledgeType.REJECT);
  }

  private synchronized boolean settle(AcknowledgeType type) {
    if (isLost()) {
      return false;
    }
    try {
      return slot.settle(record, type);
    } finally {
      ended = true;
    }
  }

  private boolean isLost() {
    if (!ended && System.nanoTime() - since >= leaseNanos) {
      slot.abandon(record);
      ended = true;
    }
    return ended;
  }
}

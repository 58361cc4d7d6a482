package farm.darkroom.common.kafka;

import farm.darkroom.common.FarmException;
import java.time.Duration;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The terms of a queue as they are now. An operator may change them while workers run, and the
 * broker goes by the new ones with the next lease or renewal; and a share group may lose the
 * settings without which the broker drops jobs: then none is to be leased until they are there
 * again. Thread-safe.
 */
final class CurrentLeaseSettings implements KafkaLease.BrokerSettings {
  private static final Logger log = LoggerFactory.getLogger(CurrentLeaseSettings.class);

  /** Checks younger than this are not repeated, since several slots may be opened at once. */
  private static final long FRESH_NANOS = Duration.ofSeconds(1).toNanos();

  private final QueueCheck check;
  private final QueueNames names;
  private volatile LeaseSettings leaseSettings;
  private volatile Optional<FarmException> wrong = Optional.empty();
  private volatile long rightAt = System.nanoTime() - FRESH_NANOS;

  CurrentLeaseSettings(QueueCheck check, QueueNames names, LeaseSettings first) {
    this.check = check;
    this.names = names;
    this.leaseSettings = first;
  }

  @Override
  public Duration leaseTime() {
    return leaseSettings.leaseTime();
  }

  int deliveryLimit() {
    return leaseSettings.deliveryLimit();
  }

  @Override
  public void requireDeadLetters() {
    check.requireDeadLetters(names);
  }

  /**
   * Throws if the last reading found the queue configured in a way that loses jobs.
   *
   * @throws FarmException QUEUE_UNAVAILABLE that says what is missing or set wrongly
   */
  void requireSetUp() {
    wrong.ifPresent(
        e -> {
          throw new FarmException(e.kind(), e.getMessage(), e);
        });
  }

  /**
   * Checks the share group's settings before a consumer joins it. A group without offsets begins
   * where {@code share.auto.offset.reset} says; by default that is behind all waiting jobs, which
   * would then never be delivered.
   *
   * @throws FarmException QUEUE_UNAVAILABLE
   */
  void requireSetUpNow() {
    long now = System.nanoTime();
    if (now - rightAt >= FRESH_NANOS) {
      LeaseSettings unused = check.require(names, Map.of(), Set.of());
      rightAt = now;
    }
  }

  /**
   * Reads the settings again and remembers whether they are sufficient.
   *
   * @param topics the names of all that the broker has
   * @throws FarmException QUEUE_UNAVAILABLE when the broker does not say
   */
  void read(Set<String> topics) {
    QueueCheck.Finding found = check.inspect(names, requiredSettings(), topics);
    LeaseSettings now = found.leaseSettings().orElse(leaseSettings);
    if (!now.equals(leaseSettings)) {
      log.info("leases are of {} from now on, {} a job", now.leaseTime(), now.deliveryLimit());
    }
    leaseSettings = now;
    wrong = found.wrong();
  }

  /** The topic and dead letter settings without which a running worker must not lease. */
  private Map<String, Map<String, String>> requiredSettings() {
    Map<String, Map<String, String>> requiredSettings = new LinkedHashMap<>();
    names.topics().forEach(topic -> requiredSettings.put(topic, Map.of()));
    requiredSettings.putAll(TopicSettings.deadLetters(names));
    return requiredSettings;
  }
}

package farm.darkroom.common.kafka;

import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.Supplier;
import org.apache.kafka.clients.consumer.AcknowledgeType;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.clients.consumer.ConsumerRecords;
import org.apache.kafka.clients.consumer.ShareConsumer;
import org.apache.kafka.common.KafkaException;
import org.apache.kafka.common.Metric;
import org.apache.kafka.common.TopicIdPartition;
import org.apache.kafka.common.errors.InvalidRecordStateException;
import org.apache.kafka.common.errors.WakeupException;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * A share consumer that has joined its group for one topic. As a consumer it is for one thread at a
 * time, but for {@link #answers}, {@link #wake} and {@link #stop}.
 */
final class ShareMember {
  private static final Logger log = LoggerFactory.getLogger(ShareMember.class);

  /**
   * How long leaving may take. After that the connection is simply closed, which the broker notices
   * as well.
   */
  static final Duration CLOSING = Duration.ofSeconds(1);

  private final String topic;
  private final ShareConsumer<byte[], byte[]> consumer;
  private final Metric answers;
  private boolean given;
  private boolean woken;

  private ShareMember(String topic, ShareConsumer<byte[], byte[]> consumer) {
    this.topic = topic;
    this.consumer = consumer;
    consumer.subscribe(List.of(topic));
    this.answers =
        consumer.metrics().values().stream()
            .filter(metric -> metric.metricName().name().equals("fetch-total"))
            .findFirst()
            .orElseThrow();
  }

  /**
   * Opens a consumer and subscribes it.
   *
   * @throws farm.darkroom.common.FarmException QUEUE_UNAVAILABLE
   */
  static ShareMember join(
      String topic, Supplier<ShareConsumer<byte[], byte[]>> opener, KafkaFailures failures) {
    ShareConsumer<byte[], byte[]> opened = opener.get();
    try {
      return new ShareMember(topic, opened);
    } catch (KafkaException e) {
      // Kafka logs stack traces of a close that is interrupted; what was thrown tells of it too.
      boolean unused = Thread.interrupted() | close(topic, opened);
      throw failures.failure("subscribe to " + topic, e);
    }
  }

  /**
   * Polls until a record comes.
   *
   * @return empty when none came in that time, or before {@link #wake} or {@link #stop}
   */
  Optional<ConsumerRecord<byte[], byte[]>> poll(Duration longest) {
    give(false);
    try {
      for (ConsumerRecord<byte[], byte[]> record : consumer.poll(longest)) {
        give(true);
        return Optional.of(record);
      }
    } catch (WakeupException e) {
      boolean unused = isWoken();
    }
    return Optional.empty();
  }

  /** Ends a running poll, unless it has just returned a record. */
  synchronized void wake() {
    if (!given) {
      woken = true;
      consumer.wakeup();
    }
  }

  /** Ends a poll that lasts, or the next one, before {@link #leave}: no wakeup is too late then. */
  void stop() {
    consumer.wakeup();
  }

  private synchronized void give(boolean record) {
    given = record;
  }

  /** Whether there was a wakeup that has not been observed yet. */
  private synchronized boolean isWoken() {
    boolean late = woken;
    woken = false;
    return late;
  }

  /** How many of its fetches the broker has answered. Thread-safe. */
  double answers() {
    return (Double) answers.metricValue();
  }

  /**
   * Acknowledges the record that it holds, and waits for the answer. A lost lease is no exception
   * of commitSync: it stands in the map that it returns.
   *
   * @return false when the lease was lost
   * @throws KafkaException when nobody knows whether the broker noted it
   */
  boolean acknowledge(ConsumerRecord<byte[], byte[]> record, AcknowledgeType type) {
    consumer.acknowledge(record, type);
    absorbWakeup();
    Map<TopicIdPartition, Optional<KafkaException>> outcome = consumer.commitSync();
    if (outcome.size() != 1) {
      throw new KafkaException("the broker did not answer for the record");
    }
    Optional<KafkaException> refusal = outcome.values().iterator().next();
    if (refusal.isEmpty()) {
      return true;
    }
    if (refusal.get() instanceof InvalidRecordStateException) {
      return false;
    }
    throw refusal.get();
  }

  /**
   * One that came while the poll had its record already would hit the acknowledgement, of which
   * nobody could then say what became of it. A poll hears of it before it fetches anything.
   */
  private void absorbWakeup() {
    if (isWoken()) {
      try {
        ConsumerRecords<byte[], byte[]> unused = consumer.poll(Duration.ZERO);
      } catch (WakeupException e) {
        log.debug("{}: woken behind a record", topic);
      }
    }
  }

  /** What was renewed: a poll that only gives this back, and fetches nothing. */
  Iterable<ConsumerRecord<byte[], byte[]>> renewed() {
    return consumer.poll(Duration.ZERO);
  }

  /**
   * Leaves the group; the broker hands on at once what this member held or had on the way.
   *
   * @return whether the broker saw it leave; else it ends the session itself
   */
  boolean leave() {
    return close(topic, consumer);
  }

  private static boolean close(String topic, ShareConsumer<byte[], byte[]> closing) {
    try {
      closing.close(CLOSING);
      return true;
    } catch (KafkaException e) {
      log.debug("{}: the broker did not see a member leave; it ends the session", topic, e);
      return false;
    }
  }
}

package farm.darkroom.common.kafka;

import java.time.Duration;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.clients.consumer.ConsumerRecords;
import org.apache.kafka.clients.consumer.MockShareConsumer;
import org.apache.kafka.common.KafkaException;
import org.apache.kafka.common.Metric;
import org.apache.kafka.common.MetricName;
import org.apache.kafka.common.TopicIdPartition;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.common.Uuid;

/** A share consumer whose broker answers when the test says so. For one thread. */
final class ScriptedConsumer extends MockShareConsumer<byte[], byte[]> {
  private final String topic;
  private final Deque<ConsumerRecord<byte[], byte[]>> inClient = new ArrayDeque<>();
  private double answers;
  private double late;
  private long offset;
  private int polls;

  ScriptedConsumer(String topic) {
    this.topic = topic;
  }

  int polls() {
    return polls;
  }

  /** A record can be had, which nobody has polled yet. */
  void bring() {
    inClient.add(new ConsumerRecord<>(topic, 0, offset++, new byte[1], new byte[1]));
  }

  @Override
  public synchronized ConsumerRecords<byte[], byte[]> poll(Duration wait) {
    polls++;
    ConsumerRecord<byte[], byte[]> record = inClient.poll();
    return record == null
        ? ConsumerRecords.empty()
        : new ConsumerRecords<>(Map.of(new TopicPartition(topic, 0), List.of(record)), Map.of());
  }

  /** The answer to the last acknowledgement is counted, among those to fetches. */
  void countAcknowledgement() {
    answers += late;
    late = 0;
  }

  /** The client has counted the answer to a fetch; what is in it cannot be had yet. */
  void countAnswer() {
    answers++;
  }

  /** Answered at once, and counted later. */
  @Override
  public synchronized Map<TopicIdPartition, Optional<KafkaException>> commitSync() {
    late++;
    return Map.of(new TopicIdPartition(Uuid.ONE_UUID, 0, topic), Optional.empty());
  }

  @Override
  public synchronized Map<MetricName, ? extends Metric> metrics() {
    MetricName name = new MetricName("fetch-total", "consumer-share-fetch-manager", "", Map.of());
    return Map.of(
        name,
        new Metric() {
          @Override
          public MetricName metricName() {
            return name;
          }

          @Override
          public Object metricValue() {
            return answers;
          }
        });
  }
}

package farm.darkroom.common.kafka;

import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.Future;
import org.apache.kafka.clients.producer.Producer;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.apache.kafka.clients.producer.RecordMetadata;
import org.apache.kafka.common.KafkaException;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Writes to topics, in order and durably. Thread-safe. */
final class LogWriter implements AutoCloseable {
  private static final Logger LOG = LoggerFactory.getLogger(LogWriter.class);

  /** A record to be written; a null value deletes the key from a compacted topic. */
  @SuppressWarnings("ArrayRecordComponent") // bytes are handed over, never compared
  record Line(String key, byte[] value) {}

  private final KafkaFailures failures;
  private final Producer<byte[], byte[]> producer;

  LogWriter(KafkaClients clients) {
    this.failures = clients.failures();
    this.producer = clients.producer();
  }

  /**
   * Writes, and is back only when the broker has it. What several threads write within a few
   * milliseconds goes out together.
   *
   * @throws farm.darkroom.common.FarmException QUEUE_UNAVAILABLE; some may then be there
   */
  void write(String topic, List<Line> lines) {
    String what = "publish on " + topic;
    List<Future<RecordMetadata>> answers = new ArrayList<>(lines.size());
    try {
      for (Line line : lines) {
        Future<RecordMetadata> answer = producer.send(record(topic, line));
        if (answer.isDone()) {
          // It waited in vain for the broker, and so would each of the lines after it.
          failures.await(what, answer);
        }
        answers.add(answer);
      }
    } catch (KafkaException e) {
      throw failures.failure(what, e);
    }
    answers.forEach(answer -> failures.await(what, answer));
  }

  /**
   * Writes without waiting; what is written later comes after it.
   *
   * @throws farm.darkroom.common.FarmException QUEUE_UNAVAILABLE
   */
  void send(String topic, Line line) {
    try {
      Future<RecordMetadata> unused =
          producer.send(
              record(topic, line),
              (where, lost) -> {
                if (lost != null) {
                  LOG.warn("{}: lost a line of {}: {}", topic, line.key(), lost.getMessage());
                }
              });
    } catch (KafkaException e) {
      throw failures.failure("publish on " + topic, e);
    }
  }

  private static ProducerRecord<byte[], byte[]> record(String topic, Line line) {
    byte[] key = line.key().getBytes(StandardCharsets.UTF_8);
    return new ProducerRecord<>(topic, key, line.value());
  }

  @Override
  public void close() {
    producer.close(Duration.ofSeconds(1));
  }
}

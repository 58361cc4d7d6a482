package farm.darkroom.common.kafka;

import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.time.Instant;
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
  private static final Logger log = LoggerFactory.getLogger(LogWriter.class);

  /** A record to be written; a null value deletes the key from a compacted topic. */
  @SuppressWarnings("ArrayRecordComponent") // bytes are handed over, never compared
  record Line(String key, byte[] value) {}

  private final KafkaFailures failures;
  private final Producer<byte[], byte[]> producer;
  private final Integer partition;

  private LogWriter(KafkaClients clients, String compression, Integer partition) {
    this.failures = clients.failures();
    this.producer = clients.producer(compression);
    this.partition = partition;
  }

  /** Spreads lines over the partitions of their topic, uncompressed. */
  static LogWriter ofJobs(KafkaClients clients) {
    return new LogWriter(clients, "none", null);
  }

  /**
   * Keeps to the first partition, where all lines have one order. Where somebody gave a log more,
   * the lines of a key would else go on in another one, and no reader could tell which is the last.
   */
  static LogWriter ofLogs(KafkaClients clients) {
    return new LogWriter(clients, "lz4", 0);
  }

  /**
   * Writes, and returns when the broker has acknowledged it. What several threads write within a
   * few milliseconds is sent together.
   *
   * @throws farm.darkroom.common.FarmException QUEUE_UNAVAILABLE; some may then be there
   */
  void write(String topic, List<Line> lines) {
    sent(topic, lines);
  }

  /**
   * As {@link #write}.
   *
   * @return when the broker's clock says that the line was written
   */
  Instant dated(String topic, Line line) {
    return Instant.ofEpochMilli(sent(topic, List.of(line)).get(0).timestamp());
  }

  private List<RecordMetadata> sent(String topic, List<Line> lines) {
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
    return answers.stream().map(answer -> failures.await(what, answer)).toList();
  }

  /**
   * Writes without waiting; what is written later comes after it.
   *
   * @param onEnd is run when the broker has it, or when that can no longer be known: a process that
   *     stood still sends a line for which it has stopped waiting. By the thread that found out
   * @throws farm.darkroom.common.FarmException QUEUE_UNAVAILABLE
   */
  void send(String topic, Line line, Runnable onEnd) {
    try {
      Future<RecordMetadata> unused =
          producer.send(
              record(topic, line),
              (where, lost) -> {
                if (lost != null) {
                  log.warn("{}: lost a line of {}: {}", topic, line.key(), lost.getMessage());
                }
                onEnd.run();
              });
    } catch (KafkaException e) {
      throw failures.failure("publish on " + topic, e);
    }
  }

  private ProducerRecord<byte[], byte[]> record(String topic, Line line) {
    byte[] key = line.key().getBytes(StandardCharsets.UTF_8);
    return new ProducerRecord<>(topic, partition, key, line.value());
  }

  @Override
  public void close() {
    producer.close(Duration.ofSeconds(1));
  }

  /** Closes without waiting for acknowledgements. */
  void abandon() {
    producer.close(Duration.ZERO);
  }
}

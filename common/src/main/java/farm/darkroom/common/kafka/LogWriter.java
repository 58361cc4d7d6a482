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

/** Writes to topics: in order, durably, and back only when the broker has it. Thread-safe. */
final class LogWriter implements AutoCloseable {
  /** A record to be written; a null value deletes the key from a compacted topic. */
  record Line(String key, byte[] value) {}

  private final KafkaFailures failures;
  private final Producer<byte[], byte[]> producer;

  LogWriter(KafkaClients clients) {
    this.failures = clients.failures();
    this.producer = clients.producer();
  }

  /**
   * @throws farm.darkroom.common.FarmException QUEUE_UNAVAILABLE; some may then be there
   */
  void write(String topic, List<Line> lines) {
    String what = "publish on " + topic;
    List<Future<RecordMetadata>> answers = new ArrayList<>(lines.size());
    try {
      for (Line line : lines) {
        byte[] key = line.key().getBytes(StandardCharsets.UTF_8);
        answers.add(producer.send(new ProducerRecord<>(topic, key, line.value())));
      }
      producer.flush();
    } catch (KafkaException e) {
      throw failures.failure(what, e);
    }
    answers.forEach(answer -> failures.await(what, answer));
  }

  @Override
  public void close() {
    producer.close(Duration.ofSeconds(1));
  }
}

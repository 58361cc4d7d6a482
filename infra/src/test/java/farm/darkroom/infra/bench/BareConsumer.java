package farm.darkroom.infra.bench;

import farm.darkroom.common.kafka.QueueNames;
import farm.darkroom.common.queue.Lane;
import farm.darkroom.submitter.farm.Farm;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.concurrent.atomic.AtomicInteger;
import org.apache.kafka.clients.consumer.AcknowledgeType;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.clients.consumer.KafkaShareConsumer;
import org.apache.kafka.clients.consumer.ShareConsumer;
import org.apache.kafka.common.serialization.ByteArrayDeserializer;

/**
 * The least that one job at a time can cost: poll one record, ACCEPT it, commitSync. No lanes, no
 * events, no results, nothing is looked at.
 */
final class BareConsumer implements AutoCloseable, Runnable {
  private static final Duration WAIT = Duration.ofMillis(200);
  private final ShareConsumer<byte[], byte[]> consumer;
  private final AtomicInteger accepted;
  private final Thread thread = new Thread(this, "bare");
  private volatile boolean over;

  /**
   * @param accepted counts the records
   */
  BareConsumer(Farm farm, AtomicInteger accepted) {
    QueueNames names = new QueueNames(farm.queue());
    this.accepted = accepted;
    consumer =
        new KafkaShareConsumer<>(
            Map.of(
                "bootstrap.servers", farm.kafka().bootstrap(),
                "group.id", names.group(),
                "share.acknowledgement.mode", "explicit",
                "share.acquire.mode", "record_limit",
                "max.poll.records", "1",
                "enable.metrics.push", "false"),
            new ByteArrayDeserializer(),
            new ByteArrayDeserializer());
    consumer.subscribe(List.of(names.topic(Lane.NORMAL)));
    thread.setDaemon(true);
    thread.start();
  }

  @Override
  public void run() {
    while (!over) {
      for (ConsumerRecord<byte[], byte[]> record : consumer.poll(WAIT)) {
        consumer.acknowledge(record, AcknowledgeType.ACCEPT);
        consumer.commitSync();
        accepted.incrementAndGet();
      }
    }
    consumer.close();
  }

  @Override
  public void close() {
    over = true;
    try {
      thread.join();
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
  }
}

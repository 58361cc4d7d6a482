package farm.darkroom.common.kafka;

import farm.darkroom.common.queue.JobPublisher.Posting;
import farm.darkroom.common.queue.Lane;
import farm.darkroom.common.queue.RecordName;
import java.nio.charset.StandardCharsets;
import java.util.HashMap;
import java.util.LinkedHashSet;
import java.util.Map;
import java.util.Set;
import org.apache.kafka.clients.consumer.ConsumerRecord;

/**
 * What was published on a queue, done or not: its lanes keep every job. Reading reads all of it.
 * Thread-safe.
 */
public final class KafkaPublishedJobs {
  private final KafkaClients clients;
  private final QueueNames names;

  public KafkaPublishedJobs(KafkaSettings settings, String queue) {
    this.clients = new KafkaClients(settings);
    this.names = new QueueNames(queue);
  }

  /** A job as it was published last. */
  public record Published(Lane lane, Posting posting) {}

  /**
   * Finds jobs by their keys; those that were never published are absent.
   *
   * @throws farm.darkroom.common.FarmException QUEUE_UNAVAILABLE
   */
  public Map<String, Published> find(Set<String> keys) {
    Map<String, Published> found = new HashMap<>();
    for (Lane lane : Lane.values()) {
      try (TopicReader reader = new TopicReader(clients, names.topic(lane))) {
        reader.fromStart().readToEnd(record -> note(lane, record, keys, found));
      }
    }
    return found;
  }

  /**
   * What every record is called that was published, in order of lanes and of publishing.
   *
   * @throws farm.darkroom.common.FarmException QUEUE_UNAVAILABLE
   */
  public Set<String> names() {
    Set<String> found = new LinkedHashSet<>();
    for (Lane lane : Lane.values()) {
      try (TopicReader reader = new TopicReader(clients, names.topic(lane))) {
        reader.fromStart().readToEnd(record -> found.add(name(record)));
      }
    }
    return found;
  }

  private static String name(ConsumerRecord<byte[], byte[]> record) {
    byte[] payload = record.value() == null ? new byte[0] : record.value();
    return RecordName.of(key(record), payload);
  }

  private static void note(
      Lane lane,
      ConsumerRecord<byte[], byte[]> record,
      Set<String> keys,
      Map<String, Published> found) {
    if (record.key() == null || record.value() == null) {
      return;
    }
    String key = key(record);
    if (keys.contains(key)) {
      found.put(key, new Published(lane, new Posting(key, record.value())));
    }
  }

  private static String key(ConsumerRecord<byte[], byte[]> record) {
    return record.key() == null ? null : new String(record.key(), StandardCharsets.UTF_8);
  }
}

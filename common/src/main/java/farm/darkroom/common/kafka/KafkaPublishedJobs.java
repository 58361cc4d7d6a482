package farm.darkroom.common.kafka;

import farm.darkroom.common.queue.JobPublisher.Posting;
import farm.darkroom.common.queue.Lane;
import farm.darkroom.common.queue.RecordName;
import java.util.HashMap;
import java.util.LinkedHashSet;
import java.util.List;
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

  /** The latest publication of a job. */
  public record Published(Lane lane, Posting posting) {}

  /**
   * Finds jobs by their keys. Keys that were never published are absent, as are records that hold
   * no valid job.
   *
   * @throws farm.darkroom.common.FarmException QUEUE_UNAVAILABLE
   */
  public Map<String, Published> find(Set<String> keys) {
    Map<String, ConsumerRecord<byte[], byte[]>> last = new HashMap<>();
    for (String topic : topics()) {
      try (TopicReader reader = new TopicReader(clients, topic)) {
        reader.fromStart().readToEnd(record -> keepLatest(record, keys, last));
      }
    }
    Map<String, Published> found = new HashMap<>();
    last.forEach((key, record) -> found.put(key, published(key, record)));
    return found;
  }

  /**
   * The names of all published records, by lane and in order of publication.
   *
   * @throws farm.darkroom.common.FarmException QUEUE_UNAVAILABLE
   */
  public Set<String> names() {
    Set<String> found = new LinkedHashSet<>();
    for (String topic : topics()) {
      try (TopicReader reader = new TopicReader(clients, topic)) {
        reader.fromStart().readToEnd(record -> found.add(name(record)));
      }
    }
    return found;
  }

  private static String name(ConsumerRecord<byte[], byte[]> record) {
    byte[] payload = record.value() == null ? new byte[0] : record.value();
    return RecordName.of(RecordKey.of(record).orElse(null), payload);
  }

  private List<String> topics() {
    try (FarmTopics topics = new FarmTopics(clients.settings())) {
      return topics.tracks(names).stream().map(Track::topic).toList();
    }
  }

  private static Published published(String key, ConsumerRecord<byte[], byte[]> record) {
    Lane lane = QueueNames.laneOf(record.topic()).orElseThrow();
    return new Published(lane, new Posting(key, record.value()));
  }

  private static void keepLatest(
      ConsumerRecord<byte[], byte[]> record,
      Set<String> keys,
      Map<String, ConsumerRecord<byte[], byte[]>> last) {
    RecordKey.of(record)
        .filter(key -> keys.contains(key) && record.value() != null)
        .filter(key -> RecordName.of(key, record.value()).equals(key))
        .ifPresent(key -> last.merge(key, record, KafkaPublishedJobs::later));
  }

  private static ConsumerRecord<byte[], byte[]> later(
      ConsumerRecord<byte[], byte[]> one, ConsumerRecord<byte[], byte[]> other) {
    return one.timestamp() > other.timestamp() ? one : other;
  }
}

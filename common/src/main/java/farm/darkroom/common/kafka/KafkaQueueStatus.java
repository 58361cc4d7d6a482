package farm.darkroom.common.kafka;

import farm.darkroom.common.queue.Lane;
import farm.darkroom.common.queue.QueueStatus;
import farm.darkroom.common.queue.QueueStatus.LaneStatus;
import java.time.Duration;
import java.time.Instant;
import java.util.EnumMap;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.ExecutionException;
import org.apache.kafka.clients.admin.Admin;
import org.apache.kafka.clients.admin.OffsetSpec;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.common.errors.GroupIdNotFoundException;

/** Reads how full a queue is from the broker's offsets. Thread-safe. */
public final class KafkaQueueStatus implements AutoCloseable {
  private final KafkaClients clients;
  private final QueueNames names;
  private final Admin admin;

  public KafkaQueueStatus(KafkaSettings settings, String queue) {
    this.clients = new KafkaClients(settings);
    this.names = new QueueNames(queue);
    this.admin = clients.admin();
  }

  /**
   * @throws farm.darkroom.common.FarmException QUEUE_UNAVAILABLE, also when a topic is missing
   */
  public QueueStatus read() {
    Backlog backlog = new Backlog(admin, clients.failures(), names);
    Map<TopicPartition, Long> starts = offsets(names.topics(), OffsetSpec.earliest());
    backlog.offsets().forEach((partition, info) -> starts.put(partition, info.startOffset()));
    Map<String, Long> depth = published(starts);
    depth.putAll(backlog.read());
    Map<Lane, LaneStatus> lanes = new EnumMap<>(Lane.class);
    for (Lane lane : Lane.values()) {
      long jobs = depth.getOrDefault(names.topic(lane), 0L);
      lanes.put(lane, new LaneStatus(jobs, oldest(lane, jobs, starts)));
    }
    long dead = published(offsets(deadLetters(), OffsetSpec.earliest())).get(names.deadLetters());
    return new QueueStatus(names.queue(), lanes, dead, members());
  }

  @Override
  public void close() {
    admin.close(Duration.ofSeconds(1));
  }

  private List<String> deadLetters() {
    return List.of(names.deadLetters());
  }

  private Map<TopicPartition, Long> offsets(List<String> topics, OffsetSpec spec) {
    Map<TopicPartition, Long> offsets = new HashMap<>();
    new TopicOffsets(admin, clients.failures())
        .read(topics, spec)
        .forEach((partition, found) -> offsets.put(partition, found.offset()));
    return offsets;
  }

  /** How many records lie behind these offsets, by topic. */
  private Map<String, Long> published(Map<TopicPartition, Long> starts) {
    List<String> topics = starts.keySet().stream().map(TopicPartition::topic).distinct().toList();
    Map<String, Long> count = new HashMap<>();
    offsets(topics, OffsetSpec.latest())
        .forEach(
            (partition, end) ->
                count.merge(partition.topic(), end - starts.get(partition), Long::sum));
    return count;
  }

  /** The publishing time of the first job that is not done. */
  private Optional<Instant> oldest(Lane lane, long jobs, Map<TopicPartition, Long> starts) {
    if (jobs == 0) {
      return Optional.empty();
    }
    String topic = names.topic(lane);
    try (TopicReader reader = new TopicReader(clients, topic)) {
      return reader.first(starts).map(record -> Instant.ofEpochMilli(record.timestamp()));
    }
  }

  private int members() {
    try {
      return admin
          .describeShareGroups(List.of(names.group()))
          .describedGroups()
          .get(names.group())
          .get()
          .members()
          .size();
    } catch (ExecutionException e) {
      if (e.getCause() instanceof GroupIdNotFoundException) {
        return 0;
      }
      throw clients.failures().failure("describe share group " + names.group(), e);
    } catch (InterruptedException e) {
      throw clients.failures().failure("describe share group " + names.group(), e);
    }
  }
}

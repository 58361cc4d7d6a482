package farm.darkroom.common.kafka;

import farm.darkroom.common.queue.Lane;
import farm.darkroom.common.queue.QueueStatus;
import farm.darkroom.common.queue.QueueStatus.LaneStatus;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.EnumMap;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.ExecutionException;
import org.apache.kafka.clients.admin.Admin;
import org.apache.kafka.clients.admin.OffsetSpec;
import org.apache.kafka.clients.admin.SharePartitionOffsetInfo;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.common.errors.GroupIdNotFoundException;

/** Reads how full a queue is from the broker's offsets. Thread-safe. */
public final class KafkaQueueStatus implements AutoCloseable {
  private final KafkaClients clients;
  private final QueueNames names;
  private final Admin admin;
  private final GroupOffsets group;

  public KafkaQueueStatus(KafkaSettings settings, String queue) {
    this.clients = new KafkaClients(settings);
    this.names = new QueueNames(queue);
    this.admin = clients.admin();
    this.group = new GroupOffsets(admin, clients::admin, clients.failures());
  }

  /**
   * Reads the current status of the queue.
   *
   * @throws farm.darkroom.common.FarmException QUEUE_UNAVAILABLE, also when a topic is missing
   */
  public QueueStatus read() {
    return read(new QueueCheck(admin, clients.failures()).topicNames());
  }

  /**
   * As {@link #read()}, with topics that were listed before.
   *
   * @param there the names of all topics of the broker, of a moment ago
   * @throws farm.darkroom.common.FarmException QUEUE_UNAVAILABLE, also when a topic is missing
   */
  public QueueStatus read(Set<String> there) {
    Map<TopicPartition, SharePartitionOffsetInfo> standing = new Backlog(group, names).offsets();
    List<Track> tracks = names.tracks(there);
    List<String> topics = tracks.stream().map(Track::topic).toList();
    Map<TopicPartition, Long> starts = offsets(topics, OffsetSpec.earliest());
    standing.forEach(
        (tp, info) -> starts.computeIfPresent(tp, (known, first) -> info.startOffset()));
    Map<String, Long> depth = published(starts);
    depth.putAll(Backlog.depths(standing));
    Map<Lane, LaneStatus> lanes = new EnumMap<>(Lane.class);
    for (Lane lane : Lane.values()) {
      List<String> full = new ArrayList<>(topics(tracks, lane));
      full.removeIf(topic -> depth.getOrDefault(topic, 0L) == 0);
      long jobs = full.stream().mapToLong(depth::get).sum();
      lanes.put(lane, new LaneStatus(jobs, oldest(full, starts)));
    }
    long dead = published(offsets(deadLetters(), OffsetSpec.earliest())).get(names.deadLetters());
    return new QueueStatus(names.queue(), lanes, dead, members());
  }

  @Override
  public void close() {
    group.close();
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

  /**
   * The number of records at or after these offsets, by topic. A partition without an offset counts
   * from its beginning.
   */
  private Map<String, Long> published(Map<TopicPartition, Long> starts) {
    List<String> topics = starts.keySet().stream().map(TopicPartition::topic).distinct().toList();
    Map<String, Long> count = new HashMap<>();
    offsets(topics, OffsetSpec.latest())
        .forEach(
            (partition, end) ->
                count.merge(
                    partition.topic(), end - starts.getOrDefault(partition, 0L), Long::sum));
    return count;
  }

  /** The publishing time of the first job of any of these topics that is not done. */
  private Optional<Instant> oldest(List<String> topics, Map<TopicPartition, Long> starts) {
    return topics.stream().flatMap(topic -> first(topic, starts).stream()).min(Instant::compareTo);
  }

  private Optional<Instant> first(String topic, Map<TopicPartition, Long> starts) {
    try (TopicReader reader = new TopicReader(clients, topic)) {
      return reader.first(starts).map(record -> Instant.ofEpochMilli(record.timestamp()));
    }
  }

  private static List<String> topics(List<Track> tracks, Lane lane) {
    return tracks.stream().filter(track -> track.lane() == lane).map(Track::topic).toList();
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

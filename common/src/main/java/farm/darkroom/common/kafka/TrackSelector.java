package farm.darkroom.common.kafka;

import farm.darkroom.common.BoundedMap;
import farm.darkroom.common.queue.Lane;
import java.time.Duration;
import java.util.Comparator;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import org.apache.kafka.clients.admin.Admin;
import org.apache.kafka.clients.admin.OffsetSpec;
import org.apache.kafka.clients.admin.SharePartitionOffsetInfo;
import org.apache.kafka.common.TopicPartition;

/**
 * On which track of a lane jobs go. What is published of a batch without a longer pause stays
 * together; it begins on the track where the same jobs already wait, so that no two workers have
 * the same one, and else on the track with the fewest jobs. Of a track of which the share group has
 * no offset, all jobs wait. Thread-safe.
 */
final class TrackSelector implements AutoCloseable {
  private static final Duration PAUSE = Duration.ofSeconds(10);

  private static final int MOST_KNOWN = 64;

  private final KafkaClients clients;
  private final QueueNames names;
  private final Map<Key, Chosen> chosen = new BoundedMap<>(MOST_KNOWN);
  private Admin admin;

  private record Key(Lane lane, Optional<String> batch) {}

  private record Chosen(String topic, long at) {}

  TrackSelector(KafkaClients clients, QueueNames names) {
    this.clients = clients;
    this.names = names;
  }

  /**
   * The topic for jobs with these keys.
   *
   * @throws farm.darkroom.common.FarmException QUEUE_UNAVAILABLE
   */
  synchronized String topic(Lane lane, Optional<String> batch, Set<String> keys) {
    Key key = new Key(lane, batch);
    Chosen last = chosen.remove(key);
    boolean goesOn = last != null && System.nanoTime() - last.at() < PAUSE.toNanos();
    String topic = goesOn ? last.topic() : choose(lane, keys);
    chosen.put(key, new Chosen(topic, System.nanoTime()));
    return topic;
  }

  @Override
  public synchronized void close() {
    if (admin != null) {
      admin.close(Duration.ofSeconds(1));
    }
  }

  private String choose(Lane lane, Set<String> keys) {
    Map<TopicPartition, SharePartitionOffsetInfo> offsets = offsets();
    Map<String, Long> depths = Backlog.depths(offsets);
    List<String> tracks = tracks(lane);
    depths.putAll(
        ends().published(tracks.stream().filter(topic -> !depths.containsKey(topic)).toList()));
    return tracks.stream()
        .filter(topic -> tracks.size() > 1 && depths.get(topic) > 0)
        .filter(topic -> holds(topic, offsets, keys))
        .findFirst()
        .or(() -> tracks.stream().min(Comparator.comparing(depths::get)))
        .orElse(names.topic(lane));
  }

  /** Whether the first job of a topic that is not done, or its last one, is among these. */
  private boolean holds(
      String topic, Map<TopicPartition, SharePartitionOffsetInfo> offsets, Set<String> keys) {
    Map<TopicPartition, Long> first = new HashMap<>();
    Map<TopicPartition, Long> last = new HashMap<>();
    ends()
        .read(List.of(topic), OffsetSpec.earliest())
        .forEach(
            (partition, oldest) -> {
              SharePartitionOffsetInfo known = offsets.get(partition);
              first.put(partition, known == null ? oldest.offset() : known.startOffset());
            });
    ends()
        .read(List.of(topic), OffsetSpec.latest())
        .forEach((partition, end) -> last.put(partition, Math.max(0, end.offset() - 1)));
    try (TopicReader reader = new TopicReader(clients, topic)) {
      return isAmong(reader, first, keys) || isAmong(reader, last, keys);
    }
  }

  private static boolean isAmong(
      TopicReader reader, Map<TopicPartition, Long> offsets, Set<String> keys) {
    return reader.first(offsets).flatMap(RecordKey::of).filter(keys::contains).isPresent();
  }

  private List<String> tracks(Lane lane) {
    Set<String> all = new QueueCheck(admin(), clients.failures()).topicNames();
    return names.tracks(all).stream()
        .filter(track -> track.lane() == lane)
        .map(Track::topic)
        .toList();
  }

  private TopicOffsets ends() {
    return new TopicOffsets(admin(), clients.failures());
  }

  private Map<TopicPartition, SharePartitionOffsetInfo> offsets() {
    try (GroupOffsets group = new GroupOffsets(admin(), clients::admin, clients.failures())) {
      return new Backlog(group, names).offsets();
    }
  }

  private Admin admin() {
    if (admin == null) {
      admin = clients.admin();
    }
    return admin;
  }
}

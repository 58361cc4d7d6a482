package farm.darkroom.common.kafka;

import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;
import java.util.stream.Collectors;
import org.apache.kafka.clients.admin.SharePartitionOffsetInfo;
import org.apache.kafka.common.TopicPartition;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The tracks of a queue as they are now. An operator may add some while workers run; the share
 * group has no offset of one before a job of it was acknowledged, so until then this counts its
 * jobs. Thread-safe; read by one thread at a time.
 */
final class CurrentTracks {
  private static final Logger log = LoggerFactory.getLogger(CurrentTracks.class);

  private final TopicOffsets ends;
  private final Backlog backlog;
  private final Map<TopicPartition, Long> starts = new HashMap<>();
  private volatile List<Track> all = List.of();
  private volatile Map<String, Long> unread = Map.of();
  private volatile Set<String> divided = Set.of();

  CurrentTracks(TopicOffsets ends, Backlog backlog) {
    this.ends = ends;
    this.backlog = backlog;
  }

  /** The tracks found by the last {@link #read}, ordered by lane and number. */
  List<Track> all() {
    return all;
  }

  /** The number of jobs of a topic for which the share group has no offset yet; otherwise 0. */
  long unread(String topic) {
    return unread.getOrDefault(topic, 0L);
  }

  /** Whether a topic that the share group has begun to read has several partitions. */
  boolean isDivided(String topic) {
    return divided.contains(topic);
  }

  /**
   * Reads the tracks and the share group's offsets again, and logs added tracks and resets.
   *
   * @param topics the names of all that the broker has
   * @throws farm.darkroom.common.FarmException QUEUE_UNAVAILABLE
   */
  void read(Set<String> topics) {
    List<Track> found = backlog.names().tracks(topics);
    logAddedTracks(found);
    all = found;
    Map<TopicPartition, SharePartitionOffsetInfo> offsets = backlog.offsets();
    warnOfResets(offsets);
    divided =
        offsets.keySet().stream()
            .filter(partition -> partition.partition() > 0)
            .map(TopicPartition::topic)
            .collect(Collectors.toUnmodifiableSet());
    Map<String, Long> begun = Backlog.depths(offsets);
    unread =
        ends.published(
            found.stream().map(Track::topic).filter(topic -> !begun.containsKey(topic)).toList());
  }

  private void logAddedTracks(List<Track> found) {
    List<String> added =
        found.stream().filter(track -> !all.contains(track)).map(Track::topic).toList();
    if (!all.isEmpty() && !added.isEmpty()) {
      log.info(
          "queue {} has {} too from now on", backlog.names().queue(), String.join(", ", added));
    }
  }

  /**
   * A start offset that moves backwards means that the share group was deleted or reset, so it
   * delivers finished jobs again.
   */
  private void warnOfResets(Map<TopicPartition, SharePartitionOffsetInfo> offsets) {
    TreeSet<String> back = new TreeSet<>();
    offsets.forEach(
        (partition, info) -> {
          Long before = starts.put(partition, info.startOffset());
          if (before != null && before > info.startOffset()) {
            back.add(partition.topic());
          }
        });
    if (!back.isEmpty()) {
      log.warn(
          "share group {} was deleted or set back on {}: jobs that are done come again; what is"
              + " stored is not rendered again",
          backlog.names().group(),
          String.join(", ", back));
    }
  }
}

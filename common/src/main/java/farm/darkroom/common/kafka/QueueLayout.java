package farm.darkroom.common.kafka;

import java.util.Collection;
import java.util.List;
import java.util.SortedSet;
import java.util.TreeSet;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.apache.kafka.clients.admin.TopicDescription;

/**
 * How a queue's lanes are laid out.
 *
 * @param tracks of the lane that has most; 0 if there is no such queue
 * @param partitions the different numbers of partitions that its tracks have
 * @param replication the different numbers of copies that they have
 */
public record QueueLayout(
    int tracks, SortedSet<Integer> partitions, SortedSet<Integer> replication) {

  static QueueLayout of(List<Track> tracks, Collection<TopicDescription> topics) {
    return new QueueLayout(
        tracks.stream().mapToInt(Track::number).max().orElse(0),
        sorted(topics.stream().map(topic -> topic.partitions().size())),
        sorted(topics.stream().map(topic -> topic.partitions().get(0).replicas().size())));
  }

  private static SortedSet<Integer> sorted(Stream<Integer> numbers) {
    return numbers.collect(Collectors.toCollection(TreeSet::new));
  }
}

package farm.darkroom.common.kafka;

import java.util.HashMap;
import java.util.Map;
import java.util.function.Supplier;
import org.apache.kafka.clients.admin.SharePartitionOffsetInfo;
import org.apache.kafka.common.TopicPartition;

/**
 * Counts the unfinished jobs of each lane, waiting and leased ones alike. One short call covers all
 * lanes and, unlike a poll, leaves no state at the broker.
 */
record Backlog(GroupOffsets group, QueueNames names) {

  /**
   * Asks for the number of unfinished jobs by topic and returns at once. A topic that the share
   * group has not begun to read is absent, because its depth is unknown.
   *
   * @return waits for the broker's answer, and throws QUEUE_UNAVAILABLE where there is none
   */
  Supplier<Map<String, Long>> begin() {
    Supplier<Map<TopicPartition, SharePartitionOffsetInfo>> answer = asked();
    return () -> depths(answer.get());
  }

  /** Sums the lag of the partitions of each topic. */
  static Map<String, Long> depths(Map<TopicPartition, SharePartitionOffsetInfo> offsets) {
    Map<String, Long> depth = new HashMap<>();
    offsets.forEach(
        (partition, info) ->
            info.lag().ifPresent(lag -> depth.merge(partition.topic(), lag, Long::sum)));
    return depth;
  }

  /** The share group's offsets. All records before a partition's start offset are finished. */
  Map<TopicPartition, SharePartitionOffsetInfo> offsets() {
    return asked().get();
  }

  private Supplier<Map<TopicPartition, SharePartitionOffsetInfo>> asked() {
    return group.begin("read the depth of queue '" + names.queue() + "'", names.group());
  }
}

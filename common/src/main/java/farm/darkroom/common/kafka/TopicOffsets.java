package farm.darkroom.common.kafka;

import java.util.ArrayList;
import java.util.Collection;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.apache.kafka.clients.admin.Admin;
import org.apache.kafka.clients.admin.ListOffsetsResult.ListOffsetsResultInfo;
import org.apache.kafka.clients.admin.OffsetSpec;
import org.apache.kafka.common.TopicPartition;

/** Reads offsets of all partitions of topics. */
record TopicOffsets(Admin admin, KafkaFailures failures) {

  /**
   * @throws farm.darkroom.common.FarmException QUEUE_UNAVAILABLE, also when a topic is missing
   */
  Map<TopicPartition, ListOffsetsResultInfo> read(Collection<String> topics, OffsetSpec spec) {
    Map<TopicPartition, OffsetSpec> wanted = new HashMap<>();
    partitions(topics).forEach(partition -> wanted.put(partition, spec));
    return failures.await("read offsets", admin.listOffsets(wanted).all());
  }

  /**
   * @throws farm.darkroom.common.FarmException QUEUE_UNAVAILABLE, also when a topic is missing
   */
  List<TopicPartition> partitions(Collection<String> topics) {
    List<TopicPartition> partitions = new ArrayList<>();
    failures
        .await("describe topics", admin.describeTopics(topics).allTopicNames())
        .forEach(
            (name, topic) ->
                topic
                    .partitions()
                    .forEach(p -> partitions.add(new TopicPartition(name, p.partition()))));
    return partitions;
  }

  /** How many records each topic ever had, of all its partitions together, in one call. */
  Map<String, Long> ends(Collection<TopicPartition> partitions) {
    Map<TopicPartition, OffsetSpec> wanted = new HashMap<>();
    partitions.forEach(partition -> wanted.put(partition, OffsetSpec.latest()));
    Map<String, Long> ends = new HashMap<>();
    failures
        .await("look for jobs", admin.listOffsets(wanted).all())
        .forEach((partition, end) -> ends.merge(partition.topic(), end.offset(), Long::sum));
    return ends;
  }
}

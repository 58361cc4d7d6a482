package farm.darkroom.common.kafka;

import java.util.Collection;
import java.util.HashMap;
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
    failures
        .await("describe topics", admin.describeTopics(topics).allTopicNames())
        .forEach(
            (name, topic) ->
                topic
                    .partitions()
                    .forEach(p -> wanted.put(new TopicPartition(name, p.partition()), spec)));
    return failures.await("read offsets", admin.listOffsets(wanted).all());
  }

  /**
   * How many records lie on each topic.
   *
   * @throws farm.darkroom.common.FarmException QUEUE_UNAVAILABLE, also when a topic is missing
   */
  Map<String, Long> published(Collection<String> topics) {
    Map<String, Long> published = new HashMap<>();
    if (!topics.isEmpty()) {
      read(topics, OffsetSpec.latest())
          .forEach((tp, end) -> published.merge(tp.topic(), end.offset(), Long::sum));
      read(topics, OffsetSpec.earliest())
          .forEach((tp, first) -> published.merge(tp.topic(), -first.offset(), Long::sum));
    }
    return published;
  }
}

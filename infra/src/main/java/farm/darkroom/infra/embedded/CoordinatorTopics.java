package farm.darkroom.infra.embedded;

import farm.darkroom.common.FailureKind;
import farm.darkroom.common.FarmException;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ExecutionException;
import org.apache.kafka.clients.admin.Admin;
import org.apache.kafka.clients.admin.NewTopic;
import org.apache.kafka.common.KafkaFuture;
import org.apache.kafka.common.errors.TopicExistsException;
import org.apache.kafka.common.internals.Topic;

/**
 * The topics in which a broker keeps the state of groups and of share groups. It would make them
 * itself when the first group asks for them, and let that group wait for some seconds.
 */
final class CoordinatorTopics {
  private static final String SEGMENT_BYTES = Integer.toString(100 * 1024 * 1024);

  private CoordinatorTopics() {}

  /**
   * Creates both on a broker of one node, as the broker itself does, unless they are there: a
   * folder may have lost its {@code meta.properties} and nothing else.
   *
   * @throws FarmException QUEUE_UNAVAILABLE
   */
  static void create(String bootstrap) {
    try (Admin admin = Admin.create(Map.of("bootstrap.servers", bootstrap))) {
      for (KafkaFuture<Void> created :
          admin.createTopics(List.of(groups(), shareGroups())).values().values()) {
        awaitUnlessThere(bootstrap, created);
      }
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw failure(bootstrap, e);
    }
  }

  private static void awaitUnlessThere(String bootstrap, KafkaFuture<Void> created)
      throws InterruptedException {
    try {
      created.get();
    } catch (ExecutionException e) {
      if (!(e.getCause() instanceof TopicExistsException)) {
        throw failure(bootstrap, e.getCause());
      }
    }
  }

  /** As GroupCoordinatorService has them. */
  private static NewTopic groups() {
    return topic(Topic.GROUP_METADATA_TOPIC_NAME, Map.of("cleanup.policy", "compact"));
  }

  /** As ShareCoordinatorService has them. */
  private static NewTopic shareGroups() {
    return topic(
        Topic.SHARE_GROUP_STATE_TOPIC_NAME,
        Map.of("cleanup.policy", "delete", "retention.ms", "-1", "min.insync.replicas", "1"));
  }

  private static NewTopic topic(String name, Map<String, String> settings) {
    Map<String, String> all = new HashMap<>(settings);
    all.put("compression.type", "producer");
    all.put("segment.bytes", SEGMENT_BYTES);
    return new NewTopic(name, 1, (short) 1).configs(all);
  }

  private static FarmException failure(String bootstrap, Throwable cause) {
    return new FarmException(
        FailureKind.QUEUE_UNAVAILABLE,
        "Kafka at %s does not make the topics of its groups: %s"
            .formatted(bootstrap, cause.getMessage()),
        cause);
  }
}

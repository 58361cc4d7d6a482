package farm.darkroom.infra.queue;

import java.util.Map;
import org.testcontainers.DockerClientFactory;
import org.testcontainers.kafka.KafkaContainer;

/** Kafka as its project ships it, in a container. */
final class Docker {
  private static final String IMAGE = "apache/kafka:4.4.0";

  private Docker() {}

  /** Named by the tests' conditions, so that a report says why they were skipped. */
  static boolean isThere() {
    return DockerClientFactory.instance().isDockerAvailable();
  }

  static KafkaContainer kafka() {
    return new KafkaContainer(IMAGE)
        .withEnv(
            Map.of(
                "KAFKA_GROUP_SHARE_MIN_RECORD_LOCK_DURATION_MS", "1000",
                "KAFKA_GROUP_SHARE_MIN_HEARTBEAT_INTERVAL_MS", "500",
                "KAFKA_GROUP_SHARE_HEARTBEAT_INTERVAL_MS", "500",
                "KAFKA_SHARE_COORDINATOR_STATE_TOPIC_REPLICATION_FACTOR", "1",
                "KAFKA_SHARE_COORDINATOR_STATE_TOPIC_MIN_ISR", "1",
                "KAFKA_AUTO_CREATE_TOPICS_ENABLE", "false"));
  }
}

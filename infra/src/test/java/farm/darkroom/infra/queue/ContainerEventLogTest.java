package farm.darkroom.infra.queue;

import farm.darkroom.common.kafka.FarmTopics;
import farm.darkroom.common.kafka.KafkaEventLog;
import farm.darkroom.common.kafka.KafkaSettings;
import farm.darkroom.common.kafka.QueueNames;
import farm.darkroom.common.kafka.TopicPlan;
import farm.darkroom.common.queue.EventLog;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.condition.EnabledIf;
import org.testcontainers.kafka.KafkaContainer;

/** The contract on Kafka's own image. */
@EnabledIf(
    value = "farm.darkroom.infra.queue.Docker#isThere",
    disabledReason = "no Docker on this machine")
class ContainerEventLogTest extends EventLogContract {
  private static KafkaContainer kafka;

  @BeforeAll
  static void startBroker() {
    kafka = Docker.kafka();
    kafka.start();
    try (FarmTopics topics = new FarmTopics(settings())) {
      topics.create(new QueueNames("default"), TopicPlan.DEFAULT);
    }
  }

  @AfterAll
  static void stopBroker() {
    kafka.stop();
  }

  @Override
  EventLog open() {
    return new KafkaEventLog(settings());
  }

  @Override
  EventLog reopen() {
    return open();
  }

  private static KafkaSettings settings() {
    return KafkaSettings.of(kafka.getBootstrapServers());
  }
}

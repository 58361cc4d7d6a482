package farm.darkroom.infra.queue;

import farm.darkroom.common.kafka.KafkaSettings;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.condition.EnabledIf;
import org.testcontainers.kafka.KafkaContainer;

/** The contract on Kafka's own image. */
@EnabledIf(
    value = "farm.darkroom.infra.queue.Docker#isThere",
    disabledReason = "no Docker on this machine")
class ContainerJobQueueTest extends JobQueueContract {
  private static KafkaContainer kafka;

  @BeforeAll
  static void startBroker() {
    kafka = Docker.kafka();
    kafka.start();
  }

  @AfterAll
  static void stopBroker() {
    kafka.stop();
  }

  @Override
  QueueUnderTest open() {
    return KafkaQueueUnderTest.open(KafkaSettings.of(kafka.getBootstrapServers()));
  }
}

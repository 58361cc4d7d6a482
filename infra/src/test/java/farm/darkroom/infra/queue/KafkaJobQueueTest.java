package farm.darkroom.infra.queue;

import farm.darkroom.common.kafka.KafkaSettings;
import farm.darkroom.infra.embedded.EmbeddedKafka;
import java.nio.file.Path;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.io.TempDir;

/** The contract on the broker in the box. */
class KafkaJobQueueTest extends JobQueueContract {
  @TempDir static Path folder;
  private static EmbeddedKafka kafka;

  @BeforeAll
  static void startBroker() {
    kafka = EmbeddedKafka.start(folder);
  }

  @AfterAll
  static void stopBroker() {
    kafka.close();
  }

  @Override
  QueueUnderTest open() {
    return KafkaQueueUnderTest.open(KafkaSettings.of(kafka.bootstrap()));
  }
}

package farm.darkroom.infra.queue;

import static org.assertj.core.api.Assertions.assertThat;

import farm.darkroom.common.Await;
import farm.darkroom.common.kafka.FarmTopics;
import farm.darkroom.common.kafka.KafkaSettings;
import farm.darkroom.common.kafka.QueueNames;
import farm.darkroom.common.kafka.TopicPlan;
import farm.darkroom.common.store.S3Credentials;
import farm.darkroom.common.store.S3Settings;
import farm.darkroom.submitter.command.QueueReader;
import farm.darkroom.submitter.farm.Farm;
import java.net.URI;
import java.nio.file.Path;
import java.time.Clock;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Reads the queues of a broker for weeks, as a dashboard and an exporter do. */
class QueueReaderTest {
  private static final Duration PATIENCE = Duration.ofSeconds(20);
  private static final String CLIENT = "reader-of-queues";
  @TempDir Path folder;

  @Test
  void deletedQueueHoldsNoConnections() throws Exception {
    try (AdministeredBroker broker = new AdministeredBroker(folder, Map.of())) {
      create(broker.settings(), "goes", "stays");
      try (QueueReader reader = new QueueReader(farm(broker.settings()), Clock.systemUTC())) {
        assertThat(queues(reader)).containsExactly("goes", "stays");
        long both = connections();
        for (String topic : topicsOf("goes")) {
          broker.deleteTopic(topic);
        }
        Await.until("it is gone", PATIENCE, () -> queues(reader).equals(List.of("stays")));
        Await.until("connections are closed", PATIENCE, () -> connections() < both);
      }
      Await.until("all are closed", PATIENCE, () -> connections() == 0);
    }
  }

  private static void create(KafkaSettings settings, String... queues) {
    try (FarmTopics topics = new FarmTopics(settings)) {
      for (String queue : queues) {
        topics.create(new QueueNames(queue), TopicPlan.DEFAULT.withTracks(1));
      }
    }
  }

  private static List<String> topicsOf(String queue) {
    QueueNames names = new QueueNames(queue);
    return List.of(
        names.deadLetters(), names.topics().get(0), names.topics().get(1), names.topics().get(2));
  }

  private static Farm farm(KafkaSettings settings) {
    KafkaSettings named =
        new KafkaSettings(settings.bootstrap(), Map.of("client.id", CLIENT), settings.patience());
    URI nowhere = URI.create("http://127.0.0.1:1");
    return new Farm(
        named, S3Settings.at(nowhere, "none", S3Credentials.of("none", "none")), "stays");
  }

  private static List<String> queues(QueueReader reader) {
    return reader.read().stream().map(line -> line.status().queue()).toList();
  }

  /** Each has a thread. */
  private static long connections() {
    return Thread.getAllStackTraces().keySet().stream()
        .filter(thread -> thread.getName().endsWith("admin-client-thread | " + CLIENT))
        .count();
  }
}

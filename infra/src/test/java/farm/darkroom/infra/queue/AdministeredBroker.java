package farm.darkroom.infra.queue;

import farm.darkroom.common.Await;
import farm.darkroom.common.kafka.KafkaSettings;
import farm.darkroom.infra.embedded.EmbeddedKafka;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.ExecutionException;
import org.apache.kafka.clients.admin.Admin;

/** A broker in this JVM, and whoever may do everything there. */
final class AdministeredBroker implements AutoCloseable {
  private static final Duration PATIENCE = Duration.ofSeconds(40);
  private final EmbeddedKafka kafka;
  private final Admin admin;

  /**
   * @param overrides broker properties of the caller's own
   */
  AdministeredBroker(Path folder, Map<String, String> overrides) {
    kafka = EmbeddedKafka.start(folder, 0, overrides);
    admin = Admin.create(Map.of("bootstrap.servers", kafka.bootstrap()));
  }

  KafkaSettings settings() {
    return KafkaSettings.of(kafka.bootstrap());
  }

  Admin admin() {
    return admin;
  }

  Set<String> topics() {
    try {
      return admin.listTopics().names().get();
    } catch (ExecutionException e) {
      throw new AssertionError(e.getCause());
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new AssertionError(e);
    }
  }

  /** Returns when it is gone. */
  void deleteTopic(String topic) throws ExecutionException, InterruptedException {
    admin.deleteTopics(List.of(topic)).all().get();
    Await.until(topic + " is gone", PATIENCE, () -> !topics().contains(topic));
  }

  @Override
  public void close() {
    admin.close();
    kafka.close();
  }
}

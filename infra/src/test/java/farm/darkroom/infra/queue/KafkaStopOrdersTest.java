package farm.darkroom.infra.queue;

import static org.assertj.core.api.Assertions.assertThat;

import farm.darkroom.common.Await;
import farm.darkroom.common.kafka.KafkaDeadLetters;
import farm.darkroom.common.kafka.KafkaSettings;
import farm.darkroom.common.kafka.KafkaStopOrders;
import farm.darkroom.common.kafka.QueueNames;
import farm.darkroom.common.queue.StopOrder;
import farm.darkroom.common.queue.StopOrder.Scope;
import java.nio.file.Path;
import java.time.Clock;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import org.apache.kafka.common.acl.AccessControlEntry;
import org.apache.kafka.common.acl.AclBinding;
import org.apache.kafka.common.acl.AclOperation;
import org.apache.kafka.common.acl.AclPermissionType;
import org.apache.kafka.common.resource.PatternType;
import org.apache.kafka.common.resource.ResourcePattern;
import org.apache.kafka.common.resource.ResourceType;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** A broker that refuses for a while, and one that makes topics for whoever asks. */
class KafkaStopOrdersTest {
  private static final Duration PATIENCE = Duration.ofSeconds(30);

  /** What no rule allows is then forbidden there. */
  private static final AclBinding WRITING_ONLY =
      new AclBinding(
          new ResourcePattern(ResourceType.TOPIC, "darkroom.control", PatternType.LITERAL),
          new AccessControlEntry(
              "User:ANONYMOUS", "*", AclOperation.WRITE, AclPermissionType.ALLOW));

  @TempDir static Path folder;
  private static AdministeredBroker broker;
  private static KafkaSettings settings;

  @BeforeAll
  static void startBroker() {
    Map<String, String> overrides =
        Map.of(
            "authorizer.class.name",
            "org.apache.kafka.metadata.authorizer.StandardAuthorizer",
            "allow.everyone.if.no.acl.found",
            "true",
            "auto.create.topics.enable",
            "true");
    broker = new AdministeredBroker(folder, overrides);
    settings = broker.settings();
    KafkaQueueUnderTest.open(settings).close();
  }

  @AfterAll
  static void stopBroker() {
    broker.close();
  }

  @Test
  void ordersDuringOutageAreReadAfterwards() throws Exception {
    StopOrder before = new StopOrder(Scope.JOB, "before");
    StopOrder during = new StopOrder(Scope.QUEUE, "during");
    try (KafkaStopOrders operator = new KafkaStopOrders(settings, Clock.systemUTC());
        KafkaStopOrders worker = new KafkaStopOrders(settings, Clock.systemUTC())) {
      operator.stop(before);
      Await.until("heard", PATIENCE, () -> worker.standing().contains(before));
      assertThat(worker.receiveProblem()).isEmpty();
      broker.admin().createAcls(List.of(WRITING_ONLY)).all().get();
      Await.until("deaf", PATIENCE, () -> worker.receiveProblem().isPresent());
      assertThat(worker.receiveProblem().orElseThrow())
          .contains("stop orders are not heard", "these credentials may not do it");
      operator.stop(during);
      operator.resume(before);
      broker.admin().deleteAcls(List.of(WRITING_ONLY.toFilter())).all().get();
      Await.until("hears", PATIENCE, () -> worker.receiveProblem().isEmpty());
      assertThat(worker.standing()).containsExactly(during);
      operator.resume(during);
      Await.until("follows", PATIENCE, () -> worker.standing().isEmpty());
    }
  }

  @Test
  void readingCreatesNoTopic() throws Exception {
    assertThat(new KafkaDeadLetters(settings, "nobody").list()).isEmpty();
    assertThat(broker.topics()).doesNotContain(new QueueNames("nobody").deadLetters());
  }
}

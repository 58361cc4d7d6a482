package farm.darkroom.common.kafka;

import static org.assertj.core.api.Assertions.assertThat;

import farm.darkroom.common.Await;
import farm.darkroom.infra.embedded.EmbeddedKafka;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import org.apache.kafka.clients.admin.AlterConfigOp;
import org.apache.kafka.clients.admin.Config;
import org.apache.kafka.clients.admin.ConfigEntry;
import org.apache.kafka.common.config.ConfigResource;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/**
 * A broker that says for a moment how settings were before they were set. In common's package,
 * whose inside it tests; in this module because it needs the embedded broker.
 */
class LateBrokerTest {
  private static final ConfigResource PROGRESS = QueueCheck.topic(QueueNames.PROGRESS);
  private static final ConfigEntry WRONG = new ConfigEntry("message.timestamp.type", "CreateTime");

  private final QueueNames names = new QueueNames("late");
  @TempDir Path folder;

  @Test
  void whatCreateHasSetIsSeenByVerify() throws Exception {
    try (EmbeddedKafka kafka = EmbeddedKafka.start(folder);
        LateAdmin admin = new LateAdmin(kafka.bootstrap());
        FarmTopics topics = topics(kafka, admin)) {
      topics.create(names, TopicPlan.DEFAULT.withTracks(1));
      setWrongly(admin);
      admin.beLate(3);
      topics.create(names, TopicPlan.DEFAULT.withTracks(1));
      assertThat(topics.verify(names).deliveryLimit()).isEqualTo(5);
    }
  }

  private static FarmTopics topics(EmbeddedKafka kafka, LateAdmin admin) {
    KafkaClients clients = new KafkaClients(KafkaSettings.of(kafka.bootstrap()));
    KafkaFailures failures = clients.failures();
    return new FarmTopics(admin, failures, new GroupOffsets(admin, clients::admin, failures));
  }

  private static void setWrongly(LateAdmin admin) throws Exception {
    AlterConfigOp op = new AlterConfigOp(WRONG, AlterConfigOp.OpType.SET);
    admin.incrementalAlterConfigs(Map.of(PROGRESS, List.of(op))).all().get();
    Await.until("it is set", Duration.ofSeconds(20), () -> isWrong(admin));
  }

  private static boolean isWrong(LateAdmin admin) {
    Config found = LateAdmin.await(admin.describeConfigs(List.of(PROGRESS))).get(PROGRESS);
    return found.get(WRONG.name()).value().equals(WRONG.value());
  }
}

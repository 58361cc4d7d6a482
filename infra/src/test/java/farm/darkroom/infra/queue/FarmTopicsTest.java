package farm.darkroom.infra.queue;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import farm.darkroom.common.Await;
import farm.darkroom.common.FarmException;
import farm.darkroom.common.kafka.FarmTopics;
import farm.darkroom.common.kafka.KafkaJobQueue;
import farm.darkroom.common.kafka.KafkaSettings;
import farm.darkroom.common.kafka.LeaseSettings;
import farm.darkroom.common.kafka.QueueNames;
import farm.darkroom.common.kafka.TopicPlan;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.apache.kafka.clients.admin.AlterConfigOp;
import org.apache.kafka.clients.admin.ConfigEntry;
import org.apache.kafka.common.config.ConfigResource;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class FarmTopicsTest {
  @TempDir static Path folder;
  private static AdministeredBroker broker;
  private static KafkaSettings settings;
  private static int queues;

  private final QueueNames names = new QueueNames("farm-" + ++queues);
  private FarmTopics topics;

  @BeforeAll
  static void startBroker() {
    broker = new AdministeredBroker(folder, Map.of());
    settings = broker.settings();
  }

  @AfterAll
  static void stopBroker() {
    broker.close();
  }

  @BeforeEach
  void open() {
    topics = new FarmTopics(settings);
  }

  @AfterEach
  void close() {
    topics.close();
  }

  @Test
  void createdTopicsPassVerify() {
    TopicPlan plan = TopicPlan.DEFAULT.withLeaseTime(Duration.ofSeconds(20)).withDeliveryLimit(7);
    assertThat(topics.create(names, plan))
        .containsAll(names.topics())
        .contains(names.deadLetters());
    assertThat(topics.verify(names)).isEqualTo(new LeaseSettings(Duration.ofSeconds(20), 7));
  }

  @Test
  void createIsIdempotent() {
    topics.create(names, TopicPlan.DEFAULT);
    assertThat(topics.create(names, TopicPlan.DEFAULT)).isEmpty();
    topics.verify(names);
  }

  @Test
  void leaseSettingsAreKeptByDefault() {
    TopicPlan plan = TopicPlan.DEFAULT.withLeaseTime(Duration.ofSeconds(20)).withDeliveryLimit(7);
    topics.create(names, plan);
    topics.create(names, TopicPlan.DEFAULT);
    assertThat(topics.verify(names)).isEqualTo(new LeaseSettings(Duration.ofSeconds(20), 7));
    topics.create(names, TopicPlan.DEFAULT.withDeliveryLimit(4));
    assertThat(topics.verify(names)).isEqualTo(new LeaseSettings(Duration.ofSeconds(20), 4));
  }

  @Test
  void newQueueHasDefaultLeaseSettings() {
    topics.create(names, TopicPlan.DEFAULT);
    assertThat(topics.verify(names)).isEqualTo(new LeaseSettings(Duration.ofSeconds(30), 5));
  }

  /** The clock of its machine, that is; the broker refuses one that is an hour ahead itself. */
  @Test
  void heartbeatFromClockAheadIsAccepted() throws Exception {
    topics.create(names, TopicPlan.DEFAULT);
    List<String> written = new ArrayList<>(names.topics());
    written.addAll(List.of(QueueNames.CONTROL, QueueNames.EVENTS, QueueNames.PROGRESS));
    long tomorrow = System.currentTimeMillis() + Duration.ofDays(1).toMillis();
    for (String topic : written) {
      assertThat(new RawRecords(settings).publish(topic, "k", "v", tomorrow))
          .as(topic)
          .isLessThan(tomorrow);
    }
  }

  @Test
  void unknownQueueIsRefusedWithKnownOnes() {
    topics.create(new QueueNames("another"), TopicPlan.DEFAULT);
    assertThatThrownBy(() -> topics.verify(names))
        .isInstanceOf(FarmException.class)
        .hasMessageMatching(
            "no queue '%1$s'; there is: another.*; 'darkroom init --queue %1$s' sets it up"
                .formatted(names.queue()));
  }

  @Test
  void partialQueueIsRefusedWithAllMissing() throws Exception {
    topics.create(names, TopicPlan.DEFAULT.withTracks(1));
    broker.deleteTopic(names.topics().get(0));
    broker.deleteTopic(names.topics().get(2));
    broker.deleteTopic(names.deadLetters());
    assertThatThrownBy(() -> topics.verify(names))
        .isInstanceOf(FarmException.class)
        .hasMessageContaining(names.topics().get(0) + " is missing")
        .hasMessageContaining(names.topics().get(2) + " is missing")
        .hasMessageContaining(names.deadLetters() + " is missing")
        .hasMessageContaining("'darkroom init --queue ");
  }

  @Test
  void unusableDeadLetterTopicIsRefused() throws Exception {
    topics.create(names, TopicPlan.DEFAULT);
    set(
        ConfigResource.Type.TOPIC,
        names.deadLetters(),
        "errors.deadletterqueue.group.enable",
        "false");
    assertRefused("errors.deadletterqueue.group.enable is 'false', must be 'true'");
  }

  @Test
  void groupWithoutDeadLetterTopicIsRefused() throws Exception {
    topics.create(names, TopicPlan.DEFAULT);
    set(ConfigResource.Type.GROUP, names.group(), "errors.deadletterqueue.topic.name", "dlq.other");
    assertRefused("errors.deadletterqueue.topic.name is 'dlq.other'");
  }

  @Test
  void deadLettersWithoutPayloadAreRefused() throws Exception {
    topics.create(names, TopicPlan.DEFAULT);
    set(
        ConfigResource.Type.GROUP,
        names.group(),
        "errors.deadletterqueue.copy.record.enable",
        "false");
    assertRefused("errors.deadletterqueue.copy.record.enable is 'false'");
  }

  @Test
  void finiteRetentionIsRefusedAndCorrected() throws Exception {
    topics.create(names, TopicPlan.DEFAULT);
    set(ConfigResource.Type.TOPIC, names.topics().get(1), "retention.ms", "604800000");
    assertRefused("retention.ms is '604800000', must be '-1'");
    topics.create(names, TopicPlan.DEFAULT);
    topics.verify(names);
  }

  @Test
  void aDeletedTopicIsRefused() throws Exception {
    topics.create(names, TopicPlan.DEFAULT);
    broker.deleteTopic(names.deadLetters());
    assertRefused(names.deadLetters() + " is missing");
  }

  @Test
  void forbiddenLeaseTimeIsReported() {
    TopicPlan plan = TopicPlan.DEFAULT.withLeaseTime(Duration.ofDays(1));
    assertThatThrownBy(() -> topics.create(names, plan))
        .isInstanceOf(FarmException.class)
        .hasMessageContaining("share.record.lock.duration.ms");
  }

  private void assertRefused(String problem) {
    Await.until("the broker applied it", Duration.ofSeconds(10), () -> isRefused(problem));
    assertThatThrownBy(() -> new KafkaJobQueue(settings, names.queue()).close())
        .isInstanceOf(FarmException.class)
        .hasMessageContaining(problem);
  }

  private boolean isRefused(String problem) {
    try {
      topics.verify(names);
      return false;
    } catch (FarmException e) {
      return e.getMessage().contains(problem);
    }
  }

  private static void set(ConfigResource.Type type, String name, String setting, String value)
      throws Exception {
    AlterConfigOp op = new AlterConfigOp(new ConfigEntry(setting, value), AlterConfigOp.OpType.SET);
    broker
        .admin()
        .incrementalAlterConfigs(Map.of(new ConfigResource(type, name), List.of(op)))
        .all()
        .get();
  }
}

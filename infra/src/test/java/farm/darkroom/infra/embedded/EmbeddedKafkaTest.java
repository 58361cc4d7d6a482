package farm.darkroom.infra.embedded;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import farm.darkroom.common.FailureKind;
import farm.darkroom.common.FarmException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import org.apache.kafka.clients.admin.Admin;
import org.apache.kafka.clients.admin.ListTopicsOptions;
import org.apache.kafka.clients.admin.NewTopic;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class EmbeddedKafkaTest {
  @TempDir Path folder;

  @Test
  void restartKeepsTopicsAndAddress() throws Exception {
    try (EmbeddedKafka kafka = EmbeddedKafka.start(folder)) {
      String bootstrap = kafka.bootstrap();
      try (Admin admin = admin(kafka)) {
        admin.createTopics(List.of(new NewTopic("kept", 1, (short) 1))).all().get();
      }
      kafka.stop();
      kafka.start();
      assertThat(kafka.bootstrap()).isEqualTo(bootstrap);
      try (Admin admin = admin(kafka)) {
        assertThat(admin.listTopics().names().get()).contains("kept");
      }
    }
  }

  @Test
  void anotherBrokerOnTheSameFolderKeepsTopics() throws Exception {
    try (EmbeddedKafka kafka = EmbeddedKafka.start(folder);
        Admin admin = admin(kafka)) {
      admin.createTopics(List.of(new NewTopic("kept", 1, (short) 1))).all().get();
    }
    try (EmbeddedKafka kafka = EmbeddedKafka.start(folder);
        Admin admin = admin(kafka)) {
      assertThat(admin.listTopics().names().get()).contains("kept");
    }
  }

  @Test
  void folderInUseIsReportedAndLeftAlone() throws Exception {
    try (EmbeddedKafka kafka = EmbeddedKafka.start(folder)) {
      assertThat(kafka.port()).isPositive();
      Files.delete(folder.resolve("meta.properties"));
      assertThatThrownBy(() -> EmbeddedKafka.start(folder).close())
          .isInstanceOf(FarmException.class)
          .hasMessageContaining("another one uses it, such as that of a 'darkroom up'");
      assertThat(folder.resolve("meta.properties")).doesNotExist();
    }
  }

  @Test
  void aFolderThatLostItsMetaPropertiesIsTakenUp() throws Exception {
    try (EmbeddedKafka kafka = EmbeddedKafka.start(folder);
        Admin admin = admin(kafka)) {
      admin.createTopics(List.of(new NewTopic("kept", 1, (short) 1))).all().get();
    }
    Files.delete(folder.resolve("meta.properties"));
    try (EmbeddedKafka kafka = EmbeddedKafka.start(folder);
        Admin admin = admin(kafka)) {
      assertThat(admin.listTopics().names().get()).contains("kept");
    }
  }

  @Test
  void whatGroupsAndShareGroupsNeedIsThereFromTheStart() throws Exception {
    try (EmbeddedKafka kafka = EmbeddedKafka.start(folder);
        Admin admin = admin(kafka)) {
      assertThat(admin.listTopics(new ListTopicsOptions().listInternal(true)).names().get())
          .containsExactlyInAnyOrder("__consumer_offsets", "__share_group_state");
    }
  }

  @Test
  void takenPortIsReportedInOneLine() {
    try (EmbeddedKafka kafka = EmbeddedKafka.start(folder.resolve("a"))) {
      assertThatThrownBy(
              () -> EmbeddedKafka.start(folder.resolve("b"), kafka.port(), Map.of()).close())
          .isInstanceOfSatisfying(
              FarmException.class,
              e -> assertThat(e.kind()).isEqualTo(FailureKind.QUEUE_UNAVAILABLE))
          .hasMessageContaining("port " + kafka.port());
    }
  }

  private static Admin admin(EmbeddedKafka kafka) {
    return Admin.create(Map.of("bootstrap.servers", kafka.bootstrap()));
  }
}

package farm.darkroom.common.kafka;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import farm.darkroom.common.FarmException;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class KafkaSettingsTest {
  @TempDir Path folder;

  @Test
  void flagsCountBeforeVariablesBeforeDefaults() {
    Map<String, String> environment = Map.of("DARKROOM_KAFKA", "b:2");
    assertThat(KafkaSettings.resolve(Map.of("kafka", "a:1"), environment).bootstrap())
        .isEqualTo("a:1");
    assertThat(KafkaSettings.resolve(Map.of(), environment).bootstrap()).isEqualTo("b:2");
    assertThat(KafkaSettings.resolve(Map.of(), Map.of("DARKROOM_KAFKA", " ")).bootstrap())
        .isEqualTo("localhost:9092");
  }

  @Test
  void aPropertiesFileGivesWhatKafkasOwnClientsRead() throws IOException {
    Path file = folder.resolve("client.properties");
    Files.writeString(
        file, "bootstrap.servers=c:3\nsecurity.protocol=SASL_SSL\nsasl.jaas.config=password=x;\n");
    Map<String, String> flags = Map.of("kafka-properties", file.toString());
    KafkaSettings settings = KafkaSettings.resolve(flags, Map.of());
    assertThat(settings.bootstrap()).isEqualTo("c:3");
    assertThat(settings.properties()).containsEntry("security.protocol", "SASL_SSL");
    assertThat(settings.toString()).doesNotContain("password");
    assertThat(KafkaSettings.resolve(flags, Map.of("DARKROOM_KAFKA", "d:4")).bootstrap())
        .isEqualTo("d:4");
  }

  @Test
  void aPropertiesFileThatIsNotThereIsNamed() {
    Map<String, String> flags =
        Map.of("kafka-properties", folder.resolve("none.properties").toString());
    assertThatThrownBy(() -> KafkaSettings.resolve(flags, Map.of()))
        .isInstanceOf(FarmException.class)
        .hasMessageContaining("none.properties");
  }

  @ParameterizedTest
  @ValueSource(strings = {"localhost", "localhost:", ":9092", "http://a:1", "a:1,,b:2", "a b:1"})
  void otherThanAddressesIsRefused(String bootstrap) {
    assertThatThrownBy(() -> KafkaSettings.of(bootstrap))
        .isInstanceOf(FarmException.class)
        .hasMessageContaining(bootstrap);
  }

  @ParameterizedTest
  @ValueSource(
      strings = {"localhost:9092", "10.0.0.1:1", "[::1]:9092", "a:1, b:2", "k-0.k.svc:9092"})
  void addressesAreTaken(String bootstrap) {
    assertThat(KafkaSettings.of(bootstrap).bootstrap()).isEqualTo(bootstrap);
  }

  @ParameterizedTest
  @ValueSource(strings = {"", "Default", "a/b", "..", "-a", "a b", "a\n"})
  void otherThanQueueNamesIsRefused(String queue) {
    assertThatThrownBy(() -> new QueueNames(queue)).isInstanceOf(FarmException.class);
  }

  @Test
  void topicsOfAQueue() {
    QueueNames names = new QueueNames("default");
    assertThat(names.topics())
        .containsExactly(
            "darkroom.default.high", "darkroom.default.normal", "darkroom.default.low");
    assertThat(names.deadLetters()).isEqualTo("dlq.darkroom.default");
    assertThat(names.group()).isEqualTo("darkroom.default");
  }
}

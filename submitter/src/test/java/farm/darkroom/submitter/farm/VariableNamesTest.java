package farm.darkroom.submitter.farm;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.Map;
import org.junit.jupiter.api.Test;

class VariableNamesTest {
  @Test
  void misspeltVariablesAreSaidWithTheNearestName() {
    Map<String, String> environment =
        Map.of(
            "DARKROOM_THREAD", "2",
            "DARKROOM_BUCKET", "pictures",
            "DARKROOM_S3_REGION", "eu",
            "DARKROM_KAFKA", "broker:9092");
    assertThat(VariableNames.misspelt(environment))
        .containsExactly(
            "nothing reads DARKROOM_BUCKET; did you mean DARKROOM_S3_BUCKET?",
            "nothing reads DARKROOM_THREAD; did you mean DARKROOM_THREADS?");
  }

  /** Kubernetes sets some for each service, here for one named darkroom. */
  @Test
  void variablesOfOthersAreNoMistakes() {
    Map<String, String> environment =
        Map.of(
            "DARKROOM_SERVICE_HOST", "10.0.0.7",
            "DARKROOM_SERVICE_PORT", "9464",
            "DARKROOM_PORT", "tcp://10.0.0.7:9464",
            "DARKROOM_PORT_9464_TCP_PROTO", "tcp",
            "DARKROOM_EXPORTER_SERVICE_HOST", "10.0.0.7",
            "DARKROOM_DASHBOARD_PORT_8080_TCP_ADDR", "10.0.0.7",
            "DARKROOM_HOME", "/srv",
            "DARKROOM_QUEUES", "");
    assertThat(VariableNames.misspelt(environment)).isEmpty();
  }
}

package farm.darkroom.infra;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;

class LogSettingsTest {

  /** As compose files and charts leave a variable that nobody filled in. */
  @Test
  void anEmptyVariableIsNone() {
    assertThat(LogSettings.form(Map.of("DARKROOM_LOG", ""))).isEqualTo("text");
    assertThat(LogSettings.complaint(Map.of("DARKROOM_LOG", "", "DARKROOM_LOG_LEVEL", "")))
        .isEmpty();
  }

  /** On a busy machine a broker frightens whoever only looks at the terminal of 'up'. */
  @Test
  void whatABrokerSettlesItselfIsNotLogged() throws IOException, ClassNotFoundException {
    String settings = Files.readString(Path.of("src/main/resources/logback.xml"));
    for (String silent :
        List.of(
            "org.apache.kafka.controller.EventPerformanceMonitor",
            "org.apache.kafka.controller.ReplicationControlManager",
            "org.apache.kafka.server.BrokerLifecycleManager",
            "org.apache.kafka.server.DefaultAutoTopicCreationManager",
            "kafka.server.share.SharePartition")) {
      assertThat(settings).containsPattern("\"" + silent + "\" level=\"(OFF|ERROR)\"");
      assertThat(Class.forName(silent, false, getClass().getClassLoader())).isNotNull();
    }
  }

  @Test
  void levelsAreTakenInAnyCase() {
    assertThat(LogSettings.complaint(Map.of("DARKROOM_LOG_LEVEL", "debug"))).isEmpty();
    assertThat(LogSettings.complaint(Map.of("DARKROOM_LOG_LEVEL", "verbose")))
        .contains(
            "DARKROOM_LOG_LEVEL: found 'verbose', allowed: TRACE, DEBUG, INFO, WARN, ERROR and OFF");
  }
}

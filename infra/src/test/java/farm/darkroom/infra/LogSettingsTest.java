package farm.darkroom.infra;

import static org.assertj.core.api.Assertions.assertThat;

import farm.darkroom.infra.jvm.QuickJava;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.stream.Collectors;
import org.apache.kafka.common.network.InvalidReceiveException;
import org.apache.kafka.common.network.Selector;
import org.apache.kafka.server.fault.ProcessTerminatingFaultHandler;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.slf4j.LoggerFactory;

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

  /** A broker that gives up says so once, without a stack trace. */
  @ParameterizedTest
  @CsvSource({"text, false", "json, true"})
  void whatEndsABrokerIsALineInEitherForm(String form, boolean json) throws Exception {
    Process broker = start(EndingBroker.class, form);
    String said = said(broker);
    assertThat(broker.waitFor()).as(said).isEqualTo(1);
    assertThat(said).hasLineCount(1).contains("ProcessTerminatingFaultHandler", "no folder");
    assertThat(said.startsWith("{")).isEqualTo(json);
  }

  /** What a broker gets from a browser, or from an S3 client with the wrong port. */
  @ParameterizedTest
  @CsvSource({"text, false", "json, true"})
  void anotherProtocolIsALineInEitherForm(String form, boolean json) throws Exception {
    String said = said(start(MisunderstoodBroker.class, form));
    assertThat(said)
        .hasLineCount(1)
        .contains("Selector", "127.0.0.1; closing", "Invalid receive (size = 1195725856");
    assertThat(said.startsWith("{")).isEqualTo(json);
  }

  private static Process start(Class<?> program, String form) throws IOException {
    List<String> command = QuickJava.command(List.of("-Dlogback.configurationFile=logback.xml"));
    command.add(program.getName());
    ProcessBuilder typed = new ProcessBuilder(command).redirectErrorStream(true);
    typed.environment().put("DARKROOM_LOG", form);
    return typed.start();
  }

  private static String said(Process program) {
    return program.inputReader().lines().collect(Collectors.joining("\n"));
  }

  /** Meets what no broker survives. */
  static final class EndingBroker {
    public static void main(String[] arguments) {
      RuntimeException unused =
          new ProcessTerminatingFaultHandler.Builder()
              .build()
              .handleFault("no folder", new IllegalStateException("lost"));
    }
  }

  /** Reads an HTTP request, as {@code Selector.pollSelectionKeys} reports it. */
  static final class MisunderstoodBroker {
    public static void main(String[] arguments) {
      LoggerFactory.getLogger(Selector.class)
          .warn(
              "Unexpected error from {}; closing connection",
              "/127.0.0.1",
              new InvalidReceiveException(
                  "Invalid receive (size = 1195725856 larger than 104857600)"));
    }
  }
}

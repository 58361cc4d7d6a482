package farm.darkroom.infra;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assumptions.assumeThat;

import farm.darkroom.infra.jvm.QuickJava;
import java.io.File;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.apache.kafka.clients.admin.Admin;
import org.apache.kafka.clients.admin.CreateTopicsResult;
import org.apache.kafka.clients.admin.NewTopic;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.api.parallel.Execution;
import org.junit.jupiter.api.parallel.ExecutionMode;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** The program itself, as a process. */
class DarkroomTest {

  /** Keys, ports and JSON are made of numbers; in some places of the world they have own digits. */
  @Test
  void numbersHaveTheSameDigitsEverywhere() throws Exception {
    String said = said("submit", "--dry-run", "--prompt", "a red cube", "--height", "100");
    assertThat(said).contains("100").doesNotContainPattern("[\\u0660-\\u0669]");
  }

  @Test
  void unknownHostIsReportedInOneLine() throws Exception {
    assertThat(said("status", "--kafka", "no-such-host.invalid:9092"))
        .hasLineCount(1)
        .contains("Kafka at no-such-host.invalid:9092: cannot", "unknown host");
  }

  /** As cron and containers run it: the JVM reads two characters for one, and neither is it. */
  @Test
  void undecodablePromptIsRefused() throws Exception {
    assumeThat(System.getProperty("sun.jnu.encoding")).isEqualTo("UTF-8");
    List<String> command = QuickJava.command(List.of());
    command.addAll(
        List.of(Darkroom.class.getName(), "submit", "--dry-run", "--prompt", "a gr\u00fcn cube"));
    ProcessBuilder posix = new ProcessBuilder(command);
    posix.environment().put("LC_ALL", "C");
    assertThat(saidBy(posix, 2)).hasLineCount(1).contains("LC_ALL=C.UTF-8");
  }

  /** A worker would be silent for ever. */
  @ParameterizedTest
  @CsvSource({"DARKROOM_LOG, JSON", "DARKROOM_LOG_LEVEL, LOUD"})
  void aWrongSettingOfTheLogIsNamed(String variable, String value) throws Exception {
    List<String> command = QuickJava.command(List.of());
    command.addAll(List.of(Darkroom.class.getName(), "submit", "--dry-run", "--prompt", "a cube"));
    ProcessBuilder typed = new ProcessBuilder(command);
    typed.environment().put(variable, value);
    assertThat(saidBy(typed, 2))
        .hasLineCount(1)
        .contains("darkroom: %s: found '%s', allowed: ".formatted(variable, value));
  }

  @Test
  void aMisspeltVariableIsNamed() throws Exception {
    List<String> command = QuickJava.command(List.of());
    command.addAll(List.of(Darkroom.class.getName(), "submit", "--dry-run", "--prompt", "a cube"));
    ProcessBuilder typed = new ProcessBuilder(command);
    typed.environment().put("DARKROOM_MODEL", "/srv/models");
    assertThat(saidBy(typed, 0))
        .startsWith("warning: nothing reads DARKROOM_MODEL; did you mean DARKROOM_MODELS?\n");
  }

  /** Ids that are nowhere are not done with. */
  @Test
  void fullDiskOnStandardOutputIsReported() throws Exception {
    File full = new File("/dev/full");
    assumeThat(full).exists();
    List<String> command = QuickJava.command(List.of());
    command.addAll(List.of(Darkroom.class.getName(), "submit", "--dry-run", "--prompt", "a cube"));
    Process darkroom = new ProcessBuilder(command).redirectOutput(full).start();
    String said = darkroom.errorReader().lines().collect(Collectors.joining("\n"));
    assertThat(darkroom.waitFor()).as(said).isEqualTo(1);
    assertThat(said).contains("standard output is not complete: No space left on device");
  }

  /**
   * As on a full disk: the broker gives up its folder and with that the whole JVM. Whether a thread
   * says more before that is chance.
   */
  @ParameterizedTest
  @CsvSource({"text, false", "json, true"})
  void aBrokerThatLosesItsFolderIsSaidInOneLine(String log, boolean json, @TempDir Path data)
      throws Exception {
    List<String> options = List.of("-Dlogback.configurationFile=logback.xml");
    List<String> command = QuickJava.command(options);
    command.addAll(List.of(Darkroom.class.getName(), "up", "--workers", "0"));
    command.addAll(List.of("--data", data.toString(), "--kafka-port", "0", "--s3-port", "0"));
    command.addAll(List.of("--dashboard-port", "0"));
    ProcessBuilder typed = new ProcessBuilder(command);
    typed.environment().put("DARKROOM_LOG", log);
    Process up = typed.start();
    String shown = up.inputReader().lines().limit(3).collect(Collectors.joining("\n"));
    Path kafka = data.resolve("kafka");
    delete(kafka);
    Files.createFile(kafka);
    Admin admin = Admin.create(Map.of("bootstrap.servers", shown.split("[ ,]")[1]));
    CreateTopicsResult unused = admin.createTopics(List.of(new NewTopic("new", 1, (short) 1)));
    String said = up.errorReader().lines().collect(Collectors.joining("\n"));
    admin.close(Duration.ZERO);
    assertThat(up.waitFor()).as(shown + "\n" + said).isEqualTo(1);
    assertThat(said.lines().filter(line -> line.contains("FaultHandler")))
        .allSatisfy(line -> assertThat(line.startsWith("{")).isEqualTo(json));
    assertThat(said)
        .doesNotContain("\n\t")
        .endsWith(
            "darkroom: Kafka gives up %s, and this process ends with it: there is no such folder any more"
                .formatted(kafka));
  }

  @Test
  void anUpOnAFullDiskSaysSoInLinesAndLeavesNothingBehind(@TempDir Path parent) throws Exception {
    List<String> command =
        new ArrayList<>(List.of("bash", "-c", "ulimit -f 64; exec \"$@\"", "limited"));
    command.addAll(QuickJava.command(List.of("-Dlogback.configurationFile=logback.xml")));
    Path data = parent.resolve("data");
    command.addAll(List.of(Darkroom.class.getName(), "up", "--workers", "0"));
    command.addAll(List.of("--data", data.toString(), "--kafka-port", "0", "--s3-port", "0"));
    String said = saidBy(new ProcessBuilder(command), 1);
    assertThat(said.lines()).noneMatch(line -> line.startsWith("\tat "));
    assertThat(data).doesNotExist();
  }

  /** Somebody's variables may be for another farm, with TLS and a queue of its own. */
  @Test
  @Execution(ExecutionMode.CONCURRENT)
  void theDemoServesItsOwnFarmOnly(@TempDir Path folder) throws Exception {
    List<String> command =
        QuickJava.command(List.of("-Dai.djl.offline=true", "-Ddarkroom.home=.."));
    command.addAll(List.of(Darkroom.class.getName(), "demo", "--count", "1"));
    command.addAll(List.of("--output", folder.toString()));
    ProcessBuilder demo = new ProcessBuilder(command);
    demo.environment().put("DARKROOM_FARM", "/nowhere/farm.env");
    demo.environment().put("DARKROOM_QUEUE", "night");
    demo.environment().put("DARKROOM_KAFKA_PROPERTIES", "/nowhere/tls.properties");
    assertThat(saidBy(demo, 0)).doesNotContain("nowhere");
  }

  private static void delete(Path folder) throws IOException {
    List<Path> files;
    try (Stream<Path> walk = Files.walk(folder)) {
      files = walk.sorted(Comparator.reverseOrder()).toList();
    }
    for (Path file : files) {
      Files.deleteIfExists(file);
    }
  }

  /** Ctrl-C in the middle of a start. */
  @Test
  void failureDuringShutdownPrintsNoStackTrace(@TempDir Path folder) throws Exception {
    List<String> command = QuickJava.command(List.of());
    command.addAll(List.of(EndingDarkroom.class.getName(), "up", "--data", folder.toString()));
    assertThat(saidBy(new ProcessBuilder(command), 0)).isEmpty();
  }

  /** Comes when the process is ending already. */
  static final class EndingDarkroom {
    public static void main(String[] arguments) {
      Runtime.getRuntime().addShutdownHook(new Thread(() -> Darkroom.run(arguments), "late"));
    }
  }

  @Test
  void moreJobsThanMemoryHoldsAreRefusedInOneLine(@TempDir Path folder) throws Exception {
    Path jobs = folder.resolve("jobs.jsonl");
    Files.writeString(jobs, "{\"prompt\": \"a red cube\"}\n".repeat(100_000));
    List<String> command = QuickJava.command(List.of("-Xmx16m"));
    command.addAll(
        List.of(Darkroom.class.getName(), "submit", "--dry-run", "--file", jobs.toString()));
    assertThat(saidBy(new ProcessBuilder(command), 1))
        .hasLineCount(1)
        .contains("out of memory", "Java had 1", "DARKROOM_JAVA_OPTS=-Xmx1g gives it more");
  }

  private static String said(String... typed) throws IOException, InterruptedException {
    List<String> command =
        QuickJava.command(
            List.of(
                "-Duser.language=ar",
                "-Duser.country=EG",
                "-Dlogback.configurationFile=logback.xml"));
    command.add(Darkroom.class.getName());
    command.addAll(List.of(typed));
    return saidBy(new ProcessBuilder(command), 2);
  }

  private static String saidBy(ProcessBuilder typed, int code)
      throws IOException, InterruptedException {
    Process darkroom = typed.redirectErrorStream(true).start();
    String said = darkroom.inputReader().lines().collect(Collectors.joining("\n"));
    assertThat(darkroom.waitFor()).as(said).isEqualTo(code);
    return said;
  }
}

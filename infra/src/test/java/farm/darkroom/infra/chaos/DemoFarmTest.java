package farm.darkroom.infra.chaos;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import farm.darkroom.common.Await;
import farm.darkroom.common.Pause;
import farm.darkroom.common.job.RenderJob;
import farm.darkroom.infra.Darkroom;
import farm.darkroom.infra.Typed;
import farm.darkroom.submitter.audit.AuditReport;
import farm.darkroom.submitter.audit.JobOutcome;
import farm.darkroom.worker.port.Renderer;
import farm.darkroom.worker.render.SdxlRenderer;
import farm.darkroom.worker.render.engine.EngineSettings;
import farm.darkroom.worker.render.input.FileCache;
import farm.darkroom.worker.render.input.StoredInputs;
import farm.darkroom.worker.render.inventory.ModelFolders;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Clock;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.stream.Stream;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.api.parallel.Execution;
import org.junit.jupiter.api.parallel.ExecutionMode;

/**
 * {@code darkroom worker} as users start it, with the demo model: killed, stopped, without disk,
 * and with a file that a job brings.
 */
@Tag("chaos")
@Timeout(400)
class DemoFarmTest {
  private static final Duration PATIENCE = Duration.ofMinutes(3);
  private static final String FIELDS =
      "\"model\":\"demo\",\"prompt\":\"a red cube\",\"seed\":%d,\"height\":64,\"width\":64,"
          + "\"num_inference_steps\":3";
  private static final Path LORA =
      Path.of("../worker/src/test/resources/goldens/additions/peft.safetensors").toAbsolutePath();

  @TempDir private Path folder;

  @Test
  void everyPictureIsTheOneThatRenderGives() throws IOException {
    try (ChaosFarm farm = new ChaosFarm(folder, ChaosFarm.PLAN)) {
      List<RenderJob> jobs = new ArrayList<>();
      for (int seed = 0; seed < 6; seed++) {
        jobs.add(job(seed));
      }
      List<String> ids = farm.submit("night", jobs);
      Child first = worker(farm, "killed", "true");
      farm.awaitEvent("killed", PATIENCE);
      first.kill();
      Child second = worker(farm, "stopped", "true");
      farm.awaitEvent("stopped", PATIENCE);
      second.stop();
      Child third = worker(farm, "full", "ulimit -f 0");
      farm.awaitEvent("full", PATIENCE);
      Pause.of(ChaosFarm.LEASE_TIME);
      second.goOn();
      farm.awaitEnd(ids, PATIENCE);
      assertThat(second.isAlive()).isTrue();
      assertThat(third.isAlive()).isTrue();
      AuditReport report = farm.audit();
      assertThat(report.of(JobOutcome.STORED)).isEqualTo(jobs.size());
      assertThat(report.remarks()).isEmpty();
      third.close();
      farm.awaitEnd(submitStyled(farm), PATIENCE);
      assertThat(farm.audit().of(JobOutcome.STORED)).isEqualTo(jobs.size() + 1);
      assertThat(differences(farm)).isEmpty();
      second.close();
    }
  }

  @Test
  @Execution(ExecutionMode.CONCURRENT)
  void aDemoThatIsStoppedLeavesNoFolderBehind() throws Exception {
    Path logs = folder.resolve("pictures").resolve("logs");
    for (Path sign : List.of(Files.createDirectories(folder.resolve("scratch")), logs)) {
      Jvm jvm = demo(folder.resolve("scratch"));
      List<String> typed = List.of("demo", "--output", logs.getParent().toString());
      try (Child demo = jvm.start("demo", Darkroom.class, typed, folder)) {
        Await.until("it has begun", PATIENCE, () -> !left(sign).isEmpty());
        demo.terminate();
        assertThat(demo.endsWithin(PATIENCE)).as(demo.output()).isTrue();
        assertThat(left(folder.resolve("scratch"))).isEmpty();
        assertThat(demo.output())
            .contains("demo: starting a broker, a store and 1 worker ...")
            .doesNotContain("\tat ");
      }
    }
  }

  /** As on a full disk: the broker gives up its folder and with that the whole JVM. */
  @Test
  @Execution(ExecutionMode.CONCURRENT)
  void aDemoWhoseBrokerGivesUpLeavesNoFolderBehind() throws Exception {
    Path scratch = Files.createDirectories(folder.resolve("scratch"));
    Path pictures = folder.resolve("pictures");
    Jvm jvm = demo(scratch);
    List<String> typed = List.of("demo", "--count", "5000", "--output", pictures.toString());
    try (Child demo = jvm.start("demo", Darkroom.class, typed, folder)) {
      Await.until("it renders", PATIENCE, () -> !left(pictures.resolve("logs")).isEmpty());
      Files.move(left(scratch).get(0).resolve("kafka"), folder.resolve("moved"));
      assertThat(demo.endsWithin(PATIENCE)).as(demo.output()).isTrue();
      assertThat(left(scratch)).as(demo.output()).isEmpty();
      assertThat(demo.output()).contains("darkroom: Kafka gives up ");
    }
  }

  /** What a demo runs in; its worker's JVM has the same options. */
  private static Jvm demo(Path scratch) {
    return Jvm.small(Map.of()).with("-Xmx512m", "-Djava.io.tmpdir=" + scratch);
  }

  /** The demo's folder in the one for what is temporary, or the worker's log in that of logs. */
  private static List<Path> left(Path where) {
    if (!Files.exists(where)) {
      return List.of();
    }
    try (Stream<Path> files = Files.list(where)) {
      return files.filter(file -> !file.getFileName().toString().startsWith("hsperf")).toList();
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  /** A LoRA of the submitter's own, which workers get through the store. */
  private List<String> submitStyled(ChaosFarm farm) throws IOException {
    Path job =
        Files.writeString(
            folder.resolve("styled.json"),
            "{%s,\"loras\":[{\"path\":\"%s\"}]}".formatted(FIELDS.formatted(0), LORA));
    Typed submitted = farm.type("submit", "--file", job.toString(), "--batch", "styled");
    assertThat(submitted.code()).as(submitted.err()).isZero();
    assertThat(farm.store.list("inputs/")).hasSize(1);
    return submitted.lines();
  }

  private Child worker(ChaosFarm farm, String name, String before) {
    Map<String, String> variables = new HashMap<>(farm.variables());
    variables.put("XDG_CACHE_HOME", folder.resolve("cache").toString());
    Jvm jvm =
        new Jvm(List.of("-Xmx512m", "-Dai.djl.offline=true", "-Ddarkroom.home=.."), variables);
    List<String> arguments = new ArrayList<>(List.of("worker", "--threads", "1"));
    arguments.addAll(farm.arguments(name));
    return jvm.startAfter(before, name, Darkroom.class, arguments, folder);
  }

  private static RenderJob job(long seed) {
    return RenderJob.fromJson(("{" + FIELDS.formatted(seed) + "}").getBytes(UTF_8));
  }

  private List<String> differences(ChaosFarm farm) {
    EngineSettings settings =
        EngineSettings.of(
            Optional.empty(), Optional.empty(), Optional.of(1), Optional.empty(), Optional.empty());
    FileCache files = new FileCache(folder.resolve("files"), 1 << 24, Clock.systemUTC());
    System.setProperty("darkroom.home", "..");
    try (Renderer renderer =
        new SdxlRenderer(
            settings,
            ModelFolders.ofThisMachine(Optional.empty()),
            new StoredInputs(farm.farm.s3().bucket(), farm.store, files),
            Clock.systemUTC(),
            System::nanoTime,
            Optional.empty())) {
      return farm.alone(1).differences(farm.store, renderer);
    } finally {
      System.clearProperty("darkroom.home");
    }
  }
}

package farm.darkroom.infra.chaos;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import farm.darkroom.common.job.RenderJob;
import farm.darkroom.infra.Darkroom;
import farm.darkroom.submitter.audit.AuditReport;
import farm.darkroom.submitter.audit.Ending;
import farm.darkroom.worker.Renderer;
import farm.darkroom.worker.render.EngineSettings;
import farm.darkroom.worker.render.LocalInputs;
import farm.darkroom.worker.render.ModelFolders;
import farm.darkroom.worker.render.SdxlRenderer;
import java.nio.file.Path;
import java.time.Clock;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/**
 * {@code darkroom worker} as users start it, with the demo model: killed, stopped, without disk.
 */
@Tag("chaos")
@Timeout(400)
class DemoFarmTest {
  private static final Duration PATIENCE = Duration.ofMinutes(3);
  @TempDir private Path folder;

  @Test
  void everyPictureIsTheOneThatRenderGives() {
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
      assertThat(report.of(Ending.STORED)).isEqualTo(jobs.size());
      assertThat(report.remarks()).isEmpty();
      assertThat(differences(farm)).isEmpty();
      List.of(second, third).forEach(Child::close);
    }
  }

  private Child worker(ChaosFarm farm, String name, String before) {
    Jvm jvm =
        new Jvm(
            List.of("-Xmx512m", "-XX:+UseSerialGC", "-Dai.djl.offline=true", "-Ddarkroom.home=.."),
            farm.variables());
    List<String> arguments = new ArrayList<>(List.of("worker", "--threads", "1"));
    arguments.addAll(farm.arguments(name));
    return jvm.startAfter(before, name, Darkroom.class, arguments, folder);
  }

  private static RenderJob job(long seed) {
    String json =
        ("{\"model\":\"demo\",\"prompt\":\"a red cube\",\"seed\":%d,\"height\":64,\"width\":64,"
                + "\"num_inference_steps\":3}")
            .formatted(seed);
    return RenderJob.fromJson(json.getBytes(UTF_8));
  }

  private static List<String> differences(ChaosFarm farm) {
    EngineSettings settings =
        EngineSettings.of(
            Optional.empty(), Optional.empty(), Optional.of(1), Optional.empty(), Optional.empty());
    System.setProperty("darkroom.home", "..");
    try (Renderer renderer =
        new SdxlRenderer(
            settings,
            ModelFolders.ofThisMachine(Optional.empty()),
            new LocalInputs(),
            Clock.systemUTC())) {
      return farm.alone(1).differences(farm.store, renderer);
    } finally {
      System.clearProperty("darkroom.home");
    }
  }
}

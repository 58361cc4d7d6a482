package farm.darkroom.infra.worker;

import static org.assertj.core.api.Assertions.assertThat;

import farm.darkroom.common.FailureKind;
import farm.darkroom.common.job.JobEvent;
import farm.darkroom.common.job.JobState;
import farm.darkroom.common.job.RenderJob;
import farm.darkroom.common.queue.DeadLetter;
import farm.darkroom.common.store.StoreKeys;
import farm.darkroom.worker.LocalRender;
import farm.darkroom.worker.port.Renderer;
import farm.darkroom.worker.render.SdxlRenderer;
import farm.darkroom.worker.render.engine.EngineSettings;
import farm.darkroom.worker.render.input.LocalInputs;
import farm.darkroom.worker.render.inventory.ModelFolders;
import java.io.ByteArrayInputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Clock;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import javax.imageio.ImageIO;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** {@code darkroom worker} as a process, on a real broker and a real store. */
@Timeout(300)
class WorkerCommandTest {
  private static final long LARGEST = 1 << 24;

  @TempDir private static Path folder;
  private static LoopbackFarm box;

  @BeforeAll
  static void open() {
    box = new LoopbackFarm(folder);
  }

  @AfterAll
  static void close() {
    box.close();
  }

  @Test
  void rendersWhatRenderGivesAndOutlivesBadRecords() throws Exception {
    List<RenderJob> jobs = new ArrayList<>();
    List<String> ids = new ArrayList<>();
    box.publish("garbage", "no job".getBytes(StandardCharsets.UTF_8));
    for (int seed = 0; seed < 3; seed++) {
      jobs.add(LoopbackFarm.job("demo", seed, 2));
      ids.add(box.submit(jobs.get(seed)));
    }
    try (SpawnedWorker worker = box.worker("w1", folder, List.of("--previews"), Map.of())) {
      LoopbackFarm.await("records", () -> ids.stream().allMatch(this::isStored));
      LoopbackFarm.await("garbage", () -> dead().contains("garbage"));
      assertThat(worker.output()).contains("models demo, demo-refiner");
    }
    assertThat(dead()).doesNotContainAnyElementsOf(ids);
    for (int seed = 0; seed < 3; seed++) {
      byte[] stored = box.store.get(StoreKeys.output(ids.get(seed), 0, "png"), LARGEST).get();
      assertThat(stored).isEqualTo(rendered(jobs.get(seed)));
    }
  }

  @Test
  void missingModelBecomesADeadLetterThatSaysWhatIsInstalled() {
    String id = box.submit(LoopbackFarm.job("foo", 1, 2));
    try (SpawnedWorker worker = box.worker("w1", folder)) {
      LoopbackFarm.await("a dead letter", () -> dead().contains(id) || !worker.isAlive());
    }
    JobEvent last = box.lastEvent(id).orElseThrow();
    assertThat(last.kind()).contains(FailureKind.WORKER_UNFIT);
    assertThat(last.reason())
        .contains(
            "model foo is not installed here; installed: demo, demo-refiner;"
                + " 'darkroom model pull ORG/NAME' downloads others");
    assertThat(dead()).contains(id);
  }

  @Test
  void workerThatIsStartedInAnOutageWaitsForItsEnd() {
    String id = box.submit(LoopbackFarm.job("demo", 77, 2));
    box.stopBroker();
    try (SpawnedWorker worker = box.worker("early", folder)) {
      try {
        LoopbackFarm.await(
            "a word",
            () -> worker.output().contains("; trying again for 120 s") || !worker.isAlive());
      } finally {
        box.startBroker();
      }
      LoopbackFarm.await("stored", () -> isStored(id) || !worker.isAlive());
      assertThat(worker.output())
          .contains("worker: Kafka at 127.0.0.1:", "no broker answers at this address");
    }
    assertThat(isStored(id)).isTrue();
  }

  @Test
  void terminatedWorkerHandsItsJobToTheNext() throws Exception {
    String id = box.submit(LoopbackFarm.job("demo", 1, 1000));
    String preview = StoreKeys.preview(id);
    try (SpawnedWorker first = box.worker("w1", folder, List.of("--previews"), Map.of())) {
      LoopbackFarm.await("preview", () -> box.store.exists(preview) || !first.isAlive());
      assertThat(ImageIO.read(new ByteArrayInputStream(box.store.get(preview, LARGEST).get())))
          .isNotNull();
      first.terminate();
      assertThat(first.endsWithin(10)).as(first.output()).isTrue();
    }
    LoopbackFarm.await("no preview", () -> !box.store.exists(preview));
    assertThat(box.lastEvent(id).orElseThrow().state()).isEqualTo(JobState.QUEUED);
    int handedBack = box.lastEvent(id).orElseThrow().attempt();
    try (SpawnedWorker second = box.worker("w2", folder)) {
      LoopbackFarm.await("started again", () -> is(id, JobState.STARTED) || !second.isAlive());
      assertThat(box.lastEvent(id).orElseThrow().worker()).contains("w2");
      assertThat(box.lastEvent(id).orElseThrow().attempt()).isEqualTo(handedBack + 1);
      box.cancel(id);
      LoopbackFarm.await("cancelled", () -> is(id, JobState.CANCELLED) || !second.isAlive());
    }
    assertThat(isStored(id)).isFalse();
  }

  private boolean isStored(String id) {
    return box.store.exists(StoreKeys.record(id));
  }

  private boolean is(String id, JobState state) {
    return box.lastEvent(id).filter(event -> event.state() == state).isPresent();
  }

  private List<String> dead() {
    return box.farm.deadLetters().list().stream().map(DeadLetter::key).toList();
  }

  private byte[] rendered(RenderJob job) throws Exception {
    EngineSettings settings =
        EngineSettings.of(
            Optional.empty(), Optional.empty(), Optional.of(1), Optional.empty(), Optional.empty());
    System.setProperty("darkroom.home", "..");
    ModelFolders models = ModelFolders.ofThisMachine(Optional.empty());
    try (Renderer renderer =
        new SdxlRenderer(
            settings,
            models,
            new LocalInputs(),
            Clock.systemUTC(),
            System::nanoTime,
            Optional.empty())) {
      new LocalRender(renderer, (done, of) -> {}, 1).render(job, folder.resolve("local"));
      return Files.readAllBytes(folder.resolve("local/0.png"));
    } finally {
      System.clearProperty("darkroom.home");
    }
  }
}

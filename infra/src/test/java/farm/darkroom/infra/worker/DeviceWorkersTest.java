package farm.darkroom.infra.worker;

import static org.assertj.core.api.Assertions.assertThat;

import farm.darkroom.common.job.JobState;
import farm.darkroom.common.queue.Heartbeat;
import farm.darkroom.common.queue.ProgressLog;
import farm.darkroom.common.store.StoreKeys;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Collectors;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.api.parallel.Execution;
import org.junit.jupiter.api.parallel.ExecutionMode;

/** {@code worker --devices}: a process for each, kept alive. */
@Timeout(300)
class DeviceWorkersTest {
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
  void killedWorkerIsRestartedAndAllLeaveTogether() throws Exception {
    try (SpawnedWorker parent =
            parent("parent", "--devices", "cpu,cpu", "--previews", "--preview-every", "2");
        ProgressLog progress = box.farm.progress()) {
      LoopbackFarm.await(
          "both are there", () -> idle(progress).containsAll(Set.of("parent-cpu", "parent-cpu-2")));
      List<ProcessHandle> first = parent.children();
      assertThat(first).hasSize(2);
      first.get(0).destroyForcibly();
      LoopbackFarm.await(
          "another in its place",
          () -> parent.children().stream().filter(child -> !first.contains(child)).count() == 1);
      String id = box.submit(LoopbackFarm.job("demo", 7, 2));
      LoopbackFarm.await("a job is done", () -> box.store.exists(StoreKeys.record(id)));
      String held = box.submit(LoopbackFarm.job("demo", 8, 1000));
      LoopbackFarm.await("a long job has begun", () -> is(held, JobState.STARTED));
      LoopbackFarm.await(
          "it is shown", () -> box.store.exists(StoreKeys.preview(held)) || !parent.isAlive());
      List<ProcessHandle> last = parent.children();
      parent.terminate();
      assertThat(parent.endsWithin(20)).as(parent.output()).isTrue();
      assertThat(last).noneMatch(ProcessHandle::isAlive);
      assertThat(is(held, JobState.QUEUED)).as("the job was handed back").isTrue();
      box.cancel(held);
    }
  }

  @Test
  void workersLeaveWhenTheirParentIsKilled() throws Exception {
    try (SpawnedWorker parent = parent("orphans", "--devices", "all")) {
      LoopbackFarm.await("its worker is there", () -> !parent.children().isEmpty());
      List<ProcessHandle> workers = parent.children();
      assertThat(workers).hasSize(1);
      parent.kill();
      LoopbackFarm.await(
          "no worker is left", () -> workers.stream().noneMatch(ProcessHandle::isAlive));
    }
  }

  @Test
  @Execution(ExecutionMode.CONCURRENT)
  void parentEndsWhenNoWorkerCanWork() throws Exception {
    try (SpawnedWorker parent =
        parent("hopeless", "--devices", "cpu", "--models", folder.resolve("none").toString())) {
      assertThat(parent.endsWithin(120)).isTrue();
      assertThat(parent.exitCode()).isNotZero();
      assertThat(parent.output())
          .contains("there is no such folder", "worker hopeless-cpu ended 3 times");
    }
  }

  private static SpawnedWorker parent(String name, String... flags) {
    return box.worker(name, folder, List.of(flags), Map.of());
  }

  private static Set<String> idle(ProgressLog progress) {
    return progress.latest().values().stream()
        .filter(beat -> beat.state().equals("idle"))
        .map(Heartbeat::worker)
        .collect(Collectors.toSet());
  }

  private static boolean is(String id, JobState state) {
    return box.lastEvent(id).map(event -> event.state() == state).equals(Optional.of(true));
  }
}

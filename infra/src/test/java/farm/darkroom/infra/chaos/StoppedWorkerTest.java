package farm.darkroom.infra.chaos;

import static org.assertj.core.api.Assertions.assertThat;

import farm.darkroom.common.Await;
import farm.darkroom.common.store.ResultStore;
import farm.darkroom.submitter.audit.JobOutcome;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** Workers that stand still for longer than their lease, and then go on where they were. */
@Tag("chaos")
@Timeout(300)
class StoppedWorkerTest {
  private static final Duration PATIENCE = Duration.ofMinutes(2);
  private static final List<Moment> MOMENTS =
      List.of(
          Moment.LEASED,
          Moment.RENDERING,
          Moment.IMAGE_STORED,
          Moment.RECORD_STORED,
          Moment.SAID_STORED);
  @TempDir private Path folder;

  @Test
  void suspendedWorkerChangesNothingAfterItsLease() {
    try (ChaosFarm farm = new ChaosFarm(folder, ChaosFarm.PLAN)) {
      List<String> ids = farm.submit("night", SmallJobs.of(0, 10, 4));
      List<Child> sleepers = new ArrayList<>();
      for (Moment moment : MOMENTS) {
        sleepers.add(farm.worker("at-" + moment, "--fate", Fate.stop(moment, 1)));
      }
      Await.until("all stand still", PATIENCE, () -> sleepers.stream().allMatch(Child::isStopped));
      farm.worker("awake");
      farm.awaitEnd(ids, PATIENCE);
      Map<String, byte[]> before = everything(farm.store);
      sleepers.forEach(Child::goOn);
      List<String> more = farm.submit("morning", SmallJobs.of(100, 20, 4));
      farm.awaitEnd(more, PATIENCE);
      assertThat(sleepers).allMatch(Child::isAlive);
      Map<String, byte[]> after = everything(farm.store);
      before.forEach((key, bytes) -> assertThat(after.get(key)).as(key).isEqualTo(bytes));
      assertThat(farm.audited().of(JobOutcome.STORED)).isEqualTo(30);
      // A worker that said "started" too late says "stored" behind it, in its own time.
      Await.until("no remark is left", PATIENCE, () -> farm.audited().remarks().isEmpty());
    }
  }

  private static Map<String, byte[]> everything(ResultStore store) {
    Map<String, byte[]> all = new HashMap<>();
    store
        .list("jobs/")
        .forEach(entry -> all.put(entry.key(), store.get(entry.key(), 1 << 24).orElseThrow()));
    return all;
  }
}

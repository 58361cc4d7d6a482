package farm.darkroom.infra.chaos;

import static org.assertj.core.api.Assertions.assertThat;

import farm.darkroom.common.Await;
import farm.darkroom.submitter.audit.AuditReport;
import farm.darkroom.submitter.audit.JobOutcome;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** Workers whose clocks are wrong, and change. */
@Tag("chaos")
@Timeout(300)
class ClockTest {
  private static final Duration PATIENCE = Duration.ofMinutes(2);
  private static final int LIMIT = 2;
  @TempDir private Path folder;

  @Test
  void clockJumpsOfAnHourChangeNothing() {
    try (ChaosFarm farm = new ChaosFarm(folder, ChaosFarm.PLAN.withDeliveryLimit(LIMIT))) {
      deadInTheFutureIsDead(farm);
      List<String> ids = farm.submit("night", SmallJobs.of(0, 60, 4));
      farm.worker("jumps-1", "--jumps", "1");
      farm.worker("jumps-2", "--jumps", "2");
      farm.worker("behind", "--ahead-seconds", "-86400");
      farm.awaitEnd(ids, PATIENCE);
      AuditReport report = farm.audited();
      assertThat(report.of(JobOutcome.STORED)).isEqualTo(60);
      assertThat(report.of(JobOutcome.DEAD)).isEqualTo(1);
      assertThat(report.remarks()).isEmpty();
    }
  }

  /** Its last worker was a day ahead when it said that it had begun. */
  private static void deadInTheFutureIsDead(ChaosFarm farm) {
    List<String> one = farm.submit("doomed", SmallJobs.of(1000, 1, 4));
    for (int i = 0; i < LIMIT; i++) {
      Child worker =
          farm.worker(
              "ahead-" + i, "--ahead-seconds", "86400", "--fate", Fate.kill(Moment.RENDERING, 1));
      Await.until("it dies", PATIENCE, () -> !worker.isAlive());
    }
    farm.awaitEnd(one, PATIENCE);
  }
}

package farm.darkroom.infra.chaos;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import farm.darkroom.common.Await;
import farm.darkroom.common.FarmException;
import farm.darkroom.common.Pause;
import farm.darkroom.common.job.RenderJob;
import farm.darkroom.submitter.audit.AuditReport;
import farm.darkroom.submitter.audit.JobOutcome;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/**
 * A broker that goes for ten seconds, once with a good-bye, and once without while workers stand
 * between image and record.
 */
@Tag("chaos")
@Timeout(300)
class BrokerOutageTest {
  private static final Duration PATIENCE = Duration.ofMinutes(2);
  private static final Duration AWAY = Duration.ofSeconds(10);
  @TempDir private Path folder;

  @Test
  void jobsSurviveAStoppedAndAKilledBroker() throws InterruptedException {
    BrokerProcess broker = new BrokerProcess(folder);
    broker.start();
    try (ChaosFarm farm = new ChaosFarm(folder, ChaosFarm.PLAN, broker)) {
      List<String> ids = farm.submit("night", SmallJobs.of(0, 120, 10));
      List<Child> workers =
          IntStream.range(0, 3)
              .mapToObj(i -> farm.worker("worker-" + i, "--step-millis", "10"))
              .toList();
      farm.awaitStored(10, PATIENCE);
      broker.stop();
      long stopped = System.nanoTime();
      refusesJobs(farm, SmallJobs.of(500, 20, 2));
      Pause.of(AWAY.minusNanos(System.nanoTime() - stopped));
      broker.start();
      farm.awaitStored(40, PATIENCE);
      List<Child> between = standBetween(farm, workers);
      broker.kill();
      between.forEach(Child::goOn);
      workers.forEach(Child::goOn);
      Pause.of(AWAY);
      broker.start();
      List<String> late = farm.submit("late", SmallJobs.of(500, 20, 2));
      farm.awaitEnd(ids, PATIENCE);
      farm.awaitEnd(late, PATIENCE);
      assertThat(workers).allMatch(Child::isAlive);
      assertThat(between).allMatch(Child::isAlive);
      AuditReport report = farm.audited();
      assertThat(report.of(JobOutcome.STORED)).isEqualTo(140);
      assertThat(report.remarks()).isEmpty();
    }
  }

  /** Two workers with half a result in the store; the others stand still and leave them jobs. */
  private static List<Child> standBetween(ChaosFarm farm, List<Child> others) {
    others.forEach(Child::stop);
    List<Child> between =
        List.of(
            farm.worker("image", "--fate", Fate.stop(Moment.IMAGE_STORED, 1)),
            farm.worker("record", "--fate", Fate.stop(Moment.RECORD_STORED, 1)));
    Await.until("both stand still", PATIENCE, () -> between.stream().allMatch(Child::isStopped));
    return between;
  }

  /** A submitter says so, and submits again later. */
  private static void refusesJobs(ChaosFarm farm, List<RenderJob> jobs) {
    assertThatThrownBy(() -> farm.submit("late", jobs))
        .isInstanceOf(FarmException.class)
        .hasMessageContaining("no broker answers");
  }
}

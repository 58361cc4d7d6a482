package farm.darkroom.infra.chaos;

import static org.assertj.core.api.Assertions.assertThat;

import farm.darkroom.common.Await;
import farm.darkroom.common.kafka.TopicPlan;
import farm.darkroom.infra.Typed;
import farm.darkroom.submitter.audit.AuditReport;
import farm.darkroom.submitter.audit.JobOutcome;
import java.io.IOException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** An operator who cancels, resumes, pauses and redrives while workers die. */
@Tag("chaos")
@Timeout(300)
class SteeringTest {
  private static final Duration PATIENCE = Duration.ofMinutes(2);

  /** No lease may be lost because the machine is slow: deliveries are counted. */
  private static final Duration LONG = Duration.ofSeconds(30);

  @TempDir private Path folder;

  @Test
  void stopOrdersSurviveEveryDeath() throws IOException {
    TopicPlan plan = ChaosFarm.PLAN.withDeliveryLimit(2).withLeaseTime(LONG);
    try (ChaosFarm farm = new ChaosFarm(folder, plan)) {
      List<String> kept = farm.submit("kept", SmallJobs.of(0, 20, 2));
      List<String> dropped = farm.submit("dropped", SmallJobs.of(100, 20, 2));
      List<String> back = farm.submit("back", SmallJobs.of(200, 20, 2));
      killAtEveryDelivery(farm, kept.get(0));
      command(farm, "queues", "pause", ChaosFarm.QUEUE);
      command(farm, "cancel", "dropped");
      command(farm, "cancel", "back");
      Child one = farm.worker("doomed", "--fate", Fate.kill(Moment.LEASED, 10));
      command(farm, "queues", "resume", ChaosFarm.QUEUE);
      farm.awaitEvent("doomed", PATIENCE);
      Child two = farm.worker("w2");
      Await.until("one dies", PATIENCE, () -> !one.isAlive());
      command(farm, "resume", "back");
      farm.awaitEnd(kept, PATIENCE);
      farm.awaitEnd(back, PATIENCE);
      assertThat(two.isAlive()).isTrue();
      AuditReport report = farm.audited();
      // Who dies may take a delivery of the next job along, of any batch, which was on its way to
      // it.
      int cancelled = report.of(JobOutcome.CANCELLED);
      assertThat(report.of(JobOutcome.DEAD)).as(report.toString()).isBetween(1, 2);
      assertThat(cancelled).as(report.toString()).isBetween(19, 20);
      assertThat(report.of(JobOutcome.STORED))
          .isEqualTo(60 - report.of(JobOutcome.DEAD) - cancelled);

      command(farm, "dead", "redrive", "--all");
      command(farm, "resume", "dropped");
      farm.awaitEnd(dropped, PATIENCE);
      farm.awaitEnd(kept, PATIENCE);
      report = farm.audited();
      assertThat(report.of(JobOutcome.STORED)).isEqualTo(60);
      assertThat(report.remarks()).isEmpty();
    }
  }

  /** The queue is in order: the first job is what both workers get. */
  private static void killAtEveryDelivery(ChaosFarm farm, String job) {
    for (int i = 0; i < 2; i++) {
      Child worker = farm.worker("killer-" + i, "--fate", Fate.kill(Moment.RENDERING, 1));
      Await.until("it dies", PATIENCE, () -> !worker.isAlive());
    }
    Await.until("the job is dead", PATIENCE, () -> isDead(farm, job));
  }

  /** Its second start may be unsaid: who dies at once takes words along that were on their way. */
  private static boolean isDead(ChaosFarm farm, String job) {
    return farm.board().read().dead().stream().anyMatch(dead -> dead.id().equals(job));
  }

  private static void command(ChaosFarm farm, String... typed) throws IOException {
    Typed answer = farm.type(typed);
    assertThat(answer.code()).as(answer.err()).isZero();
  }
}

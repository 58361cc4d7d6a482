package farm.darkroom.infra.chaos;

import static org.assertj.core.api.Assertions.assertThat;

import farm.darkroom.common.Pause;
import farm.darkroom.common.job.JobEvent;
import farm.darkroom.infra.Fault;
import farm.darkroom.submitter.audit.AuditReport;
import farm.darkroom.submitter.audit.JobOutcome;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.SplittableRandom;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** A store that is away for twenty seconds, and one that answers as it likes. */
@Tag("chaos")
@Timeout(300)
class StoreOutageTest {
  private static final Duration PATIENCE = Duration.ofMinutes(3);
  private static final Duration AWAY = Duration.ofSeconds(20);

  /** No lease may be lost because the machine is slow: who renders what is counted. */
  private static final Duration LONG = Duration.ofSeconds(30);

  private static final long SEED = 4;
  @TempDir private Path folder;

  @Test
  void finishedPicturesWaitForTheStore() {
    try (ChaosFarm farm = new ChaosFarm(folder, ChaosFarm.PLAN.withLeaseTime(LONG))) {
      List<String> ids = farm.submit("night", SmallJobs.of(0, 60, 4));
      List<Child> workers = List.of(farm.worker("w1"), farm.worker("w2"), farm.worker("w3"));
      farm.awaitStored(5, PATIENCE);
      farm.mistreated().stop();
      Pause.of(AWAY);
      farm.mistreated().start();
      farm.awaitEnd(ids, PATIENCE);
      assertThat(workers).allMatch(Child::isAlive);
      assertThat(farm.audited().of(JobOutcome.STORED)).isEqualTo(60);
      assertThat(farm.events.latest().values())
          .as("no job was given to a second worker")
          .extracting(JobEvent::attempt)
          .containsOnly(1);

      farm.mistreated().line().weather(new Weather(SEED)::next);
      farm.mistreated().line().cutAll();
      List<String> more = farm.submit("morning", SmallJobs.of(100, 60, 4));
      farm.awaitEnd(more, PATIENCE);
      AuditReport report = farm.audited();
      assertThat(report.of(JobOutcome.STORED)).isEqualTo(120);
      assertThat(report.remarks()).isEmpty();

      farm.mistreated().line().weather(() -> Fault.NONE);
      workersDieInAnOutage(farm, workers);
      report = farm.audited();
      assertThat(report.of(JobOutcome.STORED)).isEqualTo(180);
      assertThat(report.remarks()).isEmpty();
    }
  }

  /** What they had rendered is rendered again by who comes, in the outage or after it. */
  private static void workersDieInAnOutage(ChaosFarm farm, List<Child> workers) {
    List<String> ids = farm.submit("evening", SmallJobs.of(200, 60, 4));
    farm.awaitStored(130, PATIENCE);
    farm.mistreated().stop();
    workers.subList(0, 2).forEach(Child::kill);
    farm.worker("w4");
    workers.get(2).kill();
    farm.mistreated().start();
    farm.worker("w5");
    farm.awaitEnd(ids, PATIENCE);
  }

  /** What each connection suffers: none lives long. */
  private static final class Weather {
    private final SplittableRandom random;

    Weather(long seed) {
      random = new SplittableRandom(seed);
    }

    synchronized Fault next() {
      return switch (random.nextInt(12)) {
        case 0 -> Fault.answer(500);
        case 1 -> Fault.answer(503);
        case 2 -> Fault.answer(403);
        case 3 -> Fault.CUT;
        case 4 -> Fault.LOST_ANSWER;
        case 5 -> Fault.slow(Duration.ofMillis(300));
        default -> Fault.cutAfter(random.nextInt(200, 8000));
      };
    }
  }
}

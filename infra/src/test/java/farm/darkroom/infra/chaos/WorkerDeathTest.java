package farm.darkroom.infra.chaos;

import static org.assertj.core.api.Assertions.assertThat;

import farm.darkroom.common.Await;
import farm.darkroom.submitter.audit.AuditReport;
import farm.darkroom.submitter.audit.JobOutcome;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.OptionalLong;
import java.util.SplittableRandom;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** SIGKILL, fifty times: at every point of a job's life, and at moments of nobody's choice. */
@Tag("chaos")
@Timeout(600)
class WorkerDeathTest {
  private static final List<Moment> MOMENTS = List.of(Moment.values());
  private static final int DEATHS = 50;
  private static final int AT_ONCE = 4;
  private static final int ENOUGH = 40;
  private static final long SEED = 20_261_125;
  private static final Duration PATIENCE = Duration.ofMinutes(4);
  @TempDir private Path folder;

  @Test
  void fiftyKillsLoseAndDoubleNothing() {
    SplittableRandom random = new SplittableRandom(SEED);
    try (ChaosFarm farm = new ChaosFarm(folder, ChaosFarm.PLAN)) {
      List<String> ids = new ArrayList<>(farm.submit("night", SmallJobs.of(0, 240, 4)));
      List<Doomed> doomed = new ArrayList<>();
      int started = 0;
      for (int deaths = 0; deaths < DEATHS; ) {
        while (doomed.size() < AT_ONCE && started < DEATHS) {
          doomed.add(doomed(farm, started++, random));
        }
        Await.until("a death", PATIENCE, () -> doomed.stream().anyMatch(Doomed::isDead));
        int before = doomed.size();
        doomed.removeIf(Doomed::isDead);
        deaths += before - doomed.size();
        if (farm.depth() < ENOUGH) {
          ids.addAll(farm.submit("night", SmallJobs.of(ids.size(), 100, 4)));
        }
      }
      farm.worker("healthy-1");
      farm.worker("healthy-2");
      farm.awaitEnd(ids, PATIENCE);
      AuditReport report = farm.audited();
      assertThat(report.submitted()).isEqualTo(ids.size());
      assertThat(report.of(JobOutcome.STORED)).isGreaterThan(ids.size() - 3);
    }
  }

  /**
   * A worker that will be killed.
   *
   * @param at when from outside, by the monotonic clock; empty when by its own hand
   */
  private record Doomed(Child worker, OptionalLong at) {
    boolean isDead() {
      if (at.isPresent() && System.nanoTime() - at.getAsLong() > 0) {
        worker.kill();
      }
      return !worker.isAlive();
    }
  }

  /** Five of six die by their own hand, at each of six points in turn; the rest from outside. */
  private static Doomed doomed(ChaosFarm farm, int number, SplittableRandom random) {
    String name = "doomed-" + number;
    if (number % 6 == 5) {
      long millis = random.nextLong(500, 3000);
      Child worker = farm.worker(name, "--step-millis", "10");
      return new Doomed(worker, OptionalLong.of(System.nanoTime() + millis * 1_000_000));
    }
    Moment moment = MOMENTS.get(number / 6 % MOMENTS.size());
    String fate = Fate.kill(moment, 1 + random.nextInt(4));
    return new Doomed(
        farm.worker(name, "--fate", fate, "--step-millis", "10"), OptionalLong.empty());
  }
}

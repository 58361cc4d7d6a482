package farm.darkroom.infra.chaos;

import static org.assertj.core.api.Assertions.assertThat;

import farm.darkroom.submitter.audit.AuditReport;
import farm.darkroom.submitter.audit.JobOutcome;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** A worker on which nothing comes out, beside one that is well and busy. */
@Tag("chaos")
@Timeout(300)
class SickNeighbourTest {
  private static final Duration PATIENCE = Duration.ofMinutes(2);
  private static final int JOBS = 8;
  @TempDir private static Path folder;
  private static ChaosFarm farm;
  private static int submitted;

  @BeforeAll
  static void open() {
    farm = new ChaosFarm(folder, ChaosFarm.PLAN.withDeliveryLimit(5));
  }

  @AfterAll
  static void close() {
    farm.close();
  }

  @ParameterizedTest
  @EnumSource(names = {"SICK", "DECEPTIVE", "BARE"})
  void noJobDiesOfASickWorker(Mood mood) {
    List<String> ids = farm.submit(mood.name(), SmallJobs.of(submitted, JOBS, 10));
    submitted += JOBS;
    String name = "sick-" + mood;
    Child sick = farm.worker(name, "--mood", mood.name(), "--step-millis", "1");
    farm.awaitEvent(name, PATIENCE);
    Child well = farm.worker("well-beside-" + mood, "--step-millis", "50");
    farm.awaitEnd(ids, PATIENCE);
    sick.kill();
    well.kill();
    AuditReport report = farm.audited();
    assertThat(report.of(JobOutcome.STORED)).isEqualTo(submitted);
    assertThat(report.of(JobOutcome.DEAD)).isZero();
  }
}

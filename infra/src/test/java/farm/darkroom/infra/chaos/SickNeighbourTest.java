package farm.darkroom.infra.chaos;

import static org.assertj.core.api.Assertions.assertThat;

import farm.darkroom.submitter.audit.AuditReport;
import farm.darkroom.submitter.audit.Ending;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
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
  @TempDir private Path folder;

  @ParameterizedTest
  @EnumSource(names = {"SICK", "DECEPTIVE", "BARE"})
  void noJobDiesOfASickWorker(Mood mood) {
    try (ChaosFarm farm = new ChaosFarm(folder, ChaosFarm.PLAN.withDeliveryLimit(5))) {
      List<String> ids = farm.submit("night", SmallJobs.of(0, 8, 10));
      farm.worker("sick", "--mood", mood.name(), "--step-millis", "1");
      farm.awaitEvent("sick", PATIENCE);
      farm.worker("well", "--step-millis", "50");
      farm.awaitEnd(ids, PATIENCE);
      AuditReport report = farm.audited();
      assertThat(report.of(Ending.STORED)).isEqualTo(8);
      assertThat(report.of(Ending.DEAD)).isZero();
    }
  }
}

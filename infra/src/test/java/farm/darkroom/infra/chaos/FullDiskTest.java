package farm.darkroom.infra.chaos;

import static org.assertj.core.api.Assertions.assertThat;

import farm.darkroom.submitter.audit.JobOutcome;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** A worker that cannot write one byte to any file: its log and its temporary files included. */
@Tag("chaos")
@Timeout(120)
class FullDiskTest {
  private static final String NO_BYTE = "ulimit -f 0";
  private static final Duration PATIENCE = Duration.ofMinutes(1);
  @TempDir private Path folder;

  @Test
  void workerRendersOnAFullDisk() {
    try (ChaosFarm farm = new ChaosFarm(folder, ChaosFarm.PLAN)) {
      List<String> ids = farm.submit("night", SmallJobs.of(0, 30, 2));
      List<String> arguments = farm.arguments("full");
      try (Child worker =
          farm.jvm().startAfter(NO_BYTE, "full", ChaosWorker.class, arguments, folder)) {
        farm.awaitEnd(ids, PATIENCE);
        assertThat(worker.isAlive()).isTrue();
        assertThat(worker.output()).isEmpty();
      }
      assertThat(farm.audited().of(JobOutcome.STORED)).isEqualTo(30);
    }
  }
}

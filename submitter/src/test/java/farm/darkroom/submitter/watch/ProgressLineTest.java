package farm.darkroom.submitter.watch;

import static org.assertj.core.api.Assertions.assertThat;

import farm.darkroom.common.job.JobState;
import java.time.Instant;
import java.util.Map;
import org.junit.jupiter.api.Test;

class ProgressLineTest {
  private static final Instant START = Instant.parse("2026-01-31T12:00:00Z");

  @Test
  void paceGivesTheEnd() {
    Tally tally =
        new Tally(Map.of(JobState.STORED, 20, JobState.STARTED, 2, JobState.QUEUED, 18), 0);
    assertThat(new ProgressLine(START, 10).text(tally, 5.25, START.plusSeconds(60)))
        .isEqualTo("[############------------] 20/40, 2 rendering, 5.25 it/s, ETA 02:00");
  }

  @Test
  void beforeTheFirstJobNobodyKnows() {
    assertThat(new ProgressLine(START, 0).text(new Tally(Map.of(), 3), 0, START.plusSeconds(9)))
        .isEqualTo("[------------------------] 0/3, ETA --:--");
  }

  @Test
  void theEndSaysHowLongItTook() {
    Tally tally = new Tally(Map.of(JobState.STORED, 2, JobState.DEAD, 1), 0);
    assertThat(new ProgressLine(START, 0).text(tally, 0, START.plusSeconds(3723)))
        .isEqualTo("[########################] 3/3, 1 dead, in 1:02:03");
  }
}

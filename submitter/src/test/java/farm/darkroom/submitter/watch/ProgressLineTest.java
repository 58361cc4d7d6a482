package farm.darkroom.submitter.watch;

import static org.assertj.core.api.Assertions.assertThat;

import farm.darkroom.common.job.JobState;
import java.time.Duration;
import java.util.Map;
import org.junit.jupiter.api.Test;

class ProgressLineTest {
  @Test
  void paceGivesTheEnd() {
    JobCounts counts =
        new JobCounts(Map.of(JobState.STORED, 20, JobState.STARTED, 2, JobState.QUEUED, 18), 0);
    assertThat(new ProgressLine(10).text(counts, 5.25, Duration.ofSeconds(60)))
        .isEqualTo("[############------------] 20/40, 2 rendering, 5.25 it/s, ETA 02:00");
  }

  @Test
  void estimateDoesNotGrowWhileNothingEnds() {
    ProgressLine line = new ProgressLine(0);
    assertThat(eta(line, 0, 19)).isEqualTo("--:--");
    assertThat(eta(line, 1, 20)).isEqualTo("01:00");
    assertThat(eta(line, 1, 25)).isEqualTo("00:55");
    assertThat(eta(line, 1, 40)).isEqualTo("00:40");
    assertThat(eta(line, 1, 55)).isEqualTo("00:40");
    assertThat(eta(line, 1, 81)).isEqualTo("--:--");
    assertThat(eta(line, 2, 82)).isEqualTo("01:22");
    assertThat(eta(line, 3, 90)).isEqualTo("00:30");
    assertThat(eta(line, 3, 121)).isEqualTo("00:00");
  }

  /** Of four jobs. */
  private static String eta(ProgressLine line, int stored, int second) {
    JobCounts counts =
        new JobCounts(Map.of(JobState.STORED, stored, JobState.QUEUED, 4 - stored), 0);
    String text = line.text(counts, 0, Duration.ofSeconds(second));
    return text.substring(text.indexOf("ETA ") + 4);
  }

  @Test
  void noEstimateBeforeTheFirstJobEnds() {
    assertThat(new ProgressLine(0).text(new JobCounts(Map.of(), 3), 0, Duration.ofSeconds(9)))
        .isEqualTo("[------------------------] 0/3, ETA --:--");
  }

  @Test
  void theEndSaysHowLongItTook() {
    JobCounts counts = new JobCounts(Map.of(JobState.STORED, 2, JobState.DEAD, 1), 0);
    assertThat(new ProgressLine(0).text(counts, 0, Duration.ofSeconds(3723)))
        .isEqualTo("[########################] 3/3, 1 dead, in 1:02:03");
  }
}

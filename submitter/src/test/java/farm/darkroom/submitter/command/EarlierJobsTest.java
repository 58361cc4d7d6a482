package farm.darkroom.submitter.command;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import farm.darkroom.common.FarmException;
import farm.darkroom.common.job.QueuedJob;
import farm.darkroom.common.job.RenderJob;
import farm.darkroom.common.queue.Lane;
import farm.darkroom.submitter.command.EarlierJobs.Earlier;
import java.time.Instant;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.Test;

class EarlierJobsTest {
  private static final Earlier NIGHT = earlier(1, Optional.of("night"), Lane.LOW);

  @Test
  void batchAndLaneAreTakenFromTheJobs() {
    EarlierJobs jobs = new EarlierJobs(List.of(NIGHT, earlier(2, Optional.of("night"), Lane.LOW)));
    assertThat(jobs.batch()).contains("night");
    assertThat(jobs.lane()).isEqualTo(Lane.LOW);
    EarlierJobs one = new EarlierJobs(List.of(earlier(3, Optional.empty(), Lane.HIGH)));
    assertThat(one.batch()).isEmpty();
    assertThat(one.lane()).isEqualTo(Lane.HIGH);
  }

  @Test
  void jobsOfSeveralBatchesOrLanesAreRefused() {
    EarlierJobs jobs = new EarlierJobs(List.of(NIGHT, earlier(2, Optional.empty(), Lane.NORMAL)));
    assertThatThrownBy(jobs::batch)
        .isInstanceOf(FarmException.class)
        .hasMessageContaining("several batches (night, none)")
        .hasMessageContaining("--batch");
    assertThatThrownBy(jobs::lane)
        .isInstanceOf(FarmException.class)
        .hasMessageContaining("several lanes (low, normal)")
        .hasMessageContaining("--priority");
  }

  private static Earlier earlier(int seed, Optional<String> batch, Lane lane) {
    String json = "{\"model\":\"demo\",\"prompt\":\"a\",\"seed\":" + seed + "}";
    RenderJob job = RenderJob.fromJson(json.getBytes(UTF_8));
    return new Earlier(new QueuedJob(job, batch, Instant.EPOCH), lane);
  }
}

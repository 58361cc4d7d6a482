package farm.darkroom.submitter.command;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import farm.darkroom.common.FarmException;
import farm.darkroom.common.job.QueuedJob;
import farm.darkroom.common.job.RenderJob;
import java.time.Instant;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.Test;

class EarlierJobsTest {
  private static final QueuedJob NIGHT = queued(1, Optional.of("night"));

  @Test
  void theirBatchIsTheOneThatAllAreOf() {
    QueuedJob other = queued(2, Optional.of("night"));
    assertThat(new EarlierJobs(List.of(NIGHT, other)).batch()).contains("night");
    assertThat(new EarlierJobs(List.of(queued(3, Optional.empty()))).batch()).isEmpty();
  }

  @Test
  void jobsOfSeveralBatchesAreRefused() {
    EarlierJobs jobs = new EarlierJobs(List.of(NIGHT, queued(2, Optional.empty())));
    assertThatThrownBy(jobs::batch)
        .isInstanceOf(FarmException.class)
        .hasMessageContaining("several batches (night, none)")
        .hasMessageContaining("--batch");
  }

  private static QueuedJob queued(int seed, Optional<String> batch) {
    String json = "{\"model\":\"demo\",\"prompt\":\"a\",\"seed\":" + seed + "}";
    RenderJob job = RenderJob.fromJson(json.getBytes(UTF_8));
    return new QueuedJob(job, batch, Instant.EPOCH);
  }
}

package farm.darkroom.worker.stage;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import farm.darkroom.common.FailureKind;
import farm.darkroom.common.job.JobState;
import farm.darkroom.common.job.QueuedJob;
import farm.darkroom.common.job.RenderJob;
import java.time.Duration;
import java.time.Instant;
import java.util.Optional;
import org.junit.jupiter.api.Test;

class MetricsTest {
  private final InMemoryFarm farm = new InMemoryFarm();
  private final FakeWorker worker = new FakeWorker(farm, "w1");

  @Test
  void jobsStepsAndUploadsAreCounted() {
    farm.submitSeed(1);
    farm.time.advance(Duration.ofSeconds(40));
    worker.renderer.betweenSteps(() -> farm.time.advance(Duration.ofSeconds(2)));
    worker.workOnce();
    farm.submitSeed(1);
    worker.workOnce();
    assertThat(worker.metrics.scrape())
        .contains(
            "darkroom_jobs_total{outcome=\"started\"} 1.0",
            "darkroom_jobs_total{outcome=\"stored\"} 2.0",
            "darkroom_jobs_skipped_total 1.0",
            "darkroom_queue_wait_seconds_sum 40.0",
            "darkroom_render_seconds_sum{model=\"demo\",residency=\"resident\"} 2.0",
            "darkroom_step_seconds_count{model=\"demo\",size=\"defaultxdefault\"} 3",
            "darkroom_upload_seconds_count 2",
            "darkroom_worker_ready 1.0",
            "darkroom_lease_losses_total 0.0");
  }

  @Test
  void submissionInYearOneIsCounted() {
    RenderJob job =
        RenderJob.fromJson("{\"model\": \"demo\", \"prompt\": \"x\", \"seed\": 1}".getBytes(UTF_8));
    Instant then = Instant.parse("0001-01-01T00:00:00Z");
    QueuedJob queued = new QueuedJob(job, Optional.empty(), then);
    farm.publish(queued.id().text(), queued.toJson());
    worker.workOnce();
    assertThat(farm.states(queued.id().text())).containsExactly(JobState.STARTED, JobState.STORED);
    assertThat(worker.metrics.scrape()).contains("darkroom_queue_wait_seconds_sum 3.1536E7");
  }

  @Test
  void sizeLabelsAreBounded() {
    for (int i = 1; i <= 1000; i++) {
      worker.metrics.step("demo", 8 * i + "x8", Duration.ofMillis(1));
    }
    assertThat(worker.metrics.scrape().lines().filter(l -> l.startsWith("darkroom_step_seconds_c")))
        .hasSizeBetween(1, 200);
  }

  @Test
  void failuresAndLostLeasesAreCounted() {
    farm.submitSeed(1);
    worker.renderer.failNext(FailureKind.INVALID_JOB, "no");
    worker.workOnce();
    farm.submitSeed(2);
    worker.renderer.betweenSteps(() -> farm.time.advance(InMemoryFarm.LEASE_TIME));
    worker.workOnce();
    assertThat(worker.metrics.scrape())
        .contains(
            "darkroom_jobs_total{outcome=\"dead\"} 1.0",
            "darkroom_failures_total{kind=\"invalid_job\"} 1.0",
            "darkroom_lease_losses_total 1.0");
  }
}

package farm.darkroom.worker.render;

import static farm.darkroom.worker.render.DemoJobs.job;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import farm.darkroom.common.FailureKind;
import farm.darkroom.common.FarmException;
import farm.darkroom.common.job.RenderJob;
import farm.darkroom.worker.port.RenderOutcome;
import farm.darkroom.worker.port.RenderPlan;
import farm.darkroom.worker.port.RenderRequest;
import farm.darkroom.worker.port.RenderResult;
import farm.darkroom.worker.port.RenderStopped;
import farm.darkroom.worker.port.Residency;
import farm.darkroom.worker.port.Stop;
import farm.darkroom.worker.render.engine.TestSettings;
import java.util.List;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.Test;

/** Several images of one job, and several jobs in one pass. */
class BatchRenderTest {
  private static final RenderPlan PLAN = RenderPlan.of(Residency.RESIDENT);
  private static final SdxlRenderer RENDERER = TestRenderers.demo(TestSettings.ONE_THREAD);

  @AfterAll
  static void close() {
    RENDERER.close();
  }

  @Test
  void severalImagesAreTheImagesOfSeveralJobs() {
    List<byte[]> together = Rendered.bytes(render(job("'num_images_per_prompt': 2, 'seed': 7")));
    assertThat(together.get(0)).isEqualTo(Rendered.bytes(render(job("'seed': 7"))).get(0));
    assertThat(together.get(1)).isEqualTo(Rendered.bytes(render(job("'seed': 8"))).get(0));
    assertThat(together.get(0)).isNotEqualTo(together.get(1));
  }

  @Test
  void jobsSideBySideComeToTheirOwnPictures() {
    List<RenderJob> jobs =
        List.of(
            job("'seed': 1, 'num_images_per_prompt': 2"),
            job("'seed': 5, 'guidance_scale': 1, 'negative_prompt': 'night'"),
            job("'seed': 6, 'scheduler': 'HeunDiscreteScheduler'"));
    List<RenderRequest> requests =
        jobs.stream().map(job -> new RenderRequest(job, (done, of) -> {})).toList();
    List<RenderOutcome> outcomes = RENDERER.renderTogether(requests, PLAN, 4);
    for (int i = 0; i < jobs.size(); i++) {
      List<byte[]> found = Rendered.bytes(outcomes.get(i).orThrow());
      List<byte[]> alone = Rendered.bytes(render(jobs.get(i)));
      assertThat(found).hasSameSizeAs(alone);
      for (int k = 0; k < alone.size(); k++) {
        assertThat(Rendered.furthest(found.get(k), alone.get(k))).as("job %d", i).isLessThan(2);
      }
    }
    assertThat(outcomes)
        .extracting(outcome -> outcome.orThrow().details().microBatch())
        .containsExactly(3, 3, 1);
  }

  @Test
  void whatStopsOneOfSeveralJobsStopsItAlone() {
    RenderRequest stopped =
        new RenderRequest(
            job("'seed': 1"),
            (done, of) -> {
              if (done == 1) {
                throw new RenderStopped(Stop.CANCELLED);
              }
            });
    RenderRequest wrong =
        new RenderRequest(job("'seed': 2, 'scheduler': 'PNDMScheduler'"), (done, of) -> {});
    RenderRequest well = new RenderRequest(job("'seed': 3"), (done, of) -> {});
    List<RenderOutcome> outcomes = RENDERER.renderTogether(List.of(stopped, wrong, well), PLAN, 3);
    assertThatThrownBy(outcomes.get(0)::orThrow).isInstanceOf(RenderStopped.class);
    assertThatThrownBy(outcomes.get(1)::orThrow)
        .isInstanceOfSatisfying(
            FarmException.class, e -> assertThat(e.kind()).isEqualTo(FailureKind.INVALID_JOB));
    assertThat(
            Rendered.furthest(
                Rendered.bytes(outcomes.get(2).orThrow()).get(0),
                Rendered.bytes(render(job("'seed': 3"))).get(0)))
        .isLessThan(2);
  }

  private static RenderResult render(RenderJob job) {
    return RENDERER.render(job, PLAN, (k, n) -> {});
  }
}

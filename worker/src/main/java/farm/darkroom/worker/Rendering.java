package farm.darkroom.worker;

import farm.darkroom.common.FailureKind;
import farm.darkroom.common.FarmException;
import farm.darkroom.common.job.JobId;
import farm.darkroom.common.job.RenderJob;
import java.time.Duration;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Rendering the held job.
 *
 * @param plan how; lowered when memory ran out, careful after a failure
 */
record Rendering(Held held, RenderJob job, RenderPlan plan) implements HeldStage {

  private static final Logger log = LoggerFactory.getLogger(Rendering.class);

  @Override
  public Stage advance(Station station) {
    StepWatch watch = new StepWatch(station, held, job);
    long begun = station.pace().nanos();
    station.vitals().begin(held, plan);
    try {
      RenderResult result =
          station.persistence().insist(held, () -> station.renderer().render(job, plan, watch));
      Duration took = Duration.ofNanos(station.pace().nanos() - begun);
      station.metrics().rendered(job.model(), plan.residency(), took);
      log.info(
          "rendered with {} in {} s, {} s a step",
          job.model(),
          took.toMillis() / 1e3,
          result.made().timings().secondsPerStep());
      Finished finished = station.finisher().finish(JobId.of(job), job, result);
      station.fitness().worked();
      return new Storing(held, finished);
    } catch (FarmException e) {
      return failed(e);
    } catch (OutOfMemoryError e) {
      return failed(new FarmException(FailureKind.OUT_OF_MEMORY, "heap: " + e.getMessage(), e));
    } catch (LinkageError e) {
      return failed(new FarmException(FailureKind.WORKER_UNFIT, "engine: " + e.getMessage(), e));
    }
  }

  private Stage failed(FarmException e) {
    return switch (e.kind()) {
      case INVALID_JOB -> new Refusing(held, e);
      case OUT_OF_MEMORY, RENDER_FAILED ->
          plan.after(e)
              .<Stage>map(other -> new Rendering(held, job, other))
              .orElseGet(() -> new Judging(held, job, e));
      case WORKER_UNFIT, STORE_UNAVAILABLE, QUEUE_UNAVAILABLE -> new HandingBack(held, e);
    };
  }
}

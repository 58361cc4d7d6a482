package farm.darkroom.worker.stage;

import farm.darkroom.common.FarmException;
import farm.darkroom.common.job.JobId;
import farm.darkroom.common.job.RenderJob;
import farm.darkroom.common.job.RenderTimings;
import farm.darkroom.worker.lease.HeldJob;
import farm.darkroom.worker.port.JobPeers;
import farm.darkroom.worker.port.RenderOutcome;
import farm.darkroom.worker.port.RenderPlan;
import farm.darkroom.worker.port.RenderResult;
import farm.darkroom.worker.result.FinishedJob;
import java.time.Duration;
import java.util.Optional;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Rendering the held job.
 *
 * @param plan how; lowered when memory ran out, careful after a failure
 * @param lookup for its record, which is settled before the first step, and before anything is said
 * @param outcome of the job, if it was rendered together with others; empty: it is to be rendered
 */
record Rendering(
    HeldJob held,
    RenderJob job,
    RenderPlan plan,
    RecordLookup lookup,
    Optional<RenderOutcome> outcome)
    implements HeldStage {

  private static final Logger log = LoggerFactory.getLogger(Rendering.class);

  Rendering(HeldJob held, RenderJob job, RenderPlan plan, RecordLookup lookup) {
    this(held, job, plan, lookup, Optional.empty());
  }

  /** This stage with its outcome, after the job was rendered together with others. */
  Rendering with(RenderOutcome shared) {
    return new Rendering(held, job, plan, lookup, Optional.of(shared));
  }

  StepListener watch(StageContext context) {
    return new StepListener(context, held, job, lookup);
  }

  /** Whether {@code other} may share a pass of the model with this one. */
  boolean peer(Rendering other) {
    return !plan.careful() && plan.equals(other.plan) && JobPeers.peers(job, other.job);
  }

  private RenderResult result(StageContext context) {
    if (outcome.isPresent()) {
      return outcome.get().orThrow();
    }
    lookup.settleIfAnswered();
    context.telemetry().status().begin(held.key(), held.batch(), plan);
    try (StepListener watch = watch(context)) {
      return context
          .completion()
          .retry()
          .untilAnswered(held, Admitting.PATIENCE, () -> rendered(context, watch));
    }
  }

  private RenderResult rendered(StageContext context, StepListener watch) {
    lookup.renew();
    return context.renderer().render(job, plan, watch);
  }

  @Override
  public Stage advance(StageContext context) {
    Stage next;
    try {
      next = attempted(context);
    } catch (RuntimeException | LinkageError | VirtualMachineError e) {
      lookup.settle();
      throw e;
    }
    lookup.settle();
    return next;
  }

  private Stage attempted(StageContext context) {
    try {
      long begun = context.telemetry().time().nanos();
      RenderResult result = result(context);
      measured(context, result.details().timings(), context.telemetry().time().nanos() - begun);
      FinishedJob finished =
          context.results().finisher().finish(new JobId(held.key()), job, result);
      context.circuitBreaker().worked();
      context.telemetry().status().well();
      return new Storing(held, finished);
    } catch (FarmException e) {
      return failed(e);
    } catch (OutOfMemoryError | LinkageError e) {
      return failed(Unforeseen.asFailure(e));
    }
  }

  private void measured(StageContext context, RenderTimings timings, long nanos) {
    Duration took =
        outcome.isPresent()
            ? Duration.between(timings.startedAt(), timings.finishedAt())
            : Duration.ofNanos(nanos);
    context.telemetry().metrics().rendered(job.model(), plan.residency(), took);
    log.info(
        "rendered with {} in {} s, {} s a step",
        job.model(),
        took.toMillis() / 1e3,
        Math.round(timings.secondsPerStep() * 1e3) / 1e3);
  }

  private Stage failed(FarmException e) {
    return switch (e.kind()) {
      case INVALID_JOB -> new Rejecting(held, e);
      case OUT_OF_MEMORY, RENDER_FAILED ->
          plan.after(e)
              .<Stage>map(other -> new Rendering(held, job, other, lookup))
              .orElseGet(() -> new Diagnosing(held, job, e));
      case WORKER_UNFIT -> new HandingBack(held, e);
      case STORE_UNAVAILABLE, QUEUE_UNAVAILABLE -> new Yielding(held, e);
    };
  }
}

package farm.darkroom.worker.stage;

import farm.darkroom.common.job.JobState;
import farm.darkroom.common.job.RenderJob;
import farm.darkroom.worker.lease.HeldJob;
import farm.darkroom.worker.port.RenderPlan;
import farm.darkroom.worker.port.RenderStopped;
import farm.darkroom.worker.port.Stop;
import java.time.Duration;
import java.util.Optional;

/**
 * The record was read and is a job: is there anything to be done for it? Events from here on name
 * the job's own id, which need not be its record's key, and its batch.
 */
record Admitting(HeldJob held, RenderJob job) implements HeldStage {

  /** How long a job that is not rendered yet waits here for a store that does not answer. */
  static final Duration PATIENCE = Duration.ofMinutes(1);

  @Override
  public Stage advance(StageContext context) {
    context.results().beingStored().awaitGone(held.key());
    Optional<String> unmetRequirement = context.renderer().unmetRequirement(job);
    boolean likelyNew = held.attempt() == 1 && !context.results().unstored().has(held.key());
    if (likelyNew && unmetRequirement.isEmpty() && !context.consumer().cancelled(held)) {
      return rendering(context, RecordLookup.begin(context, held));
    }
    if (context.isStored(held)) {
      throw new RenderStopped(Stop.STORED);
    }
    if (context.consumer().cancelled(held)) {
      return new Acknowledging(held, JobState.CANCELLED);
    }
    return unmetRequirement
        .<Stage>map(what -> new Declining(held, job, what))
        .orElseGet(() -> begun(context));
  }

  private Stage begun(StageContext context) {
    context.announceStart(held);
    return context
        .results()
        .unstored()
        .take(held.key())
        .<Stage>map(finished -> new Storing(held, finished))
        .orElseGet(() -> rendering(context, RecordLookup.done()));
  }

  private Stage rendering(StageContext context, RecordLookup lookup) {
    try {
      return new Rendering(held, job, plan(context), lookup);
    } catch (RuntimeException | LinkageError | VirtualMachineError e) {
      lookup.settle();
      throw e;
    }
  }

  /** A picture that decides the size may lie in a store that is away. */
  private RenderPlan plan(StageContext context) {
    return context
        .completion()
        .retry()
        .untilAnswered(held, PATIENCE, () -> context.renderer().plan(job));
  }
}

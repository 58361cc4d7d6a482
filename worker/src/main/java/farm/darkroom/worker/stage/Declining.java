package farm.darkroom.worker.stage;

import farm.darkroom.common.FailureKind;
import farm.darkroom.common.FarmException;
import farm.darkroom.common.job.JobState;
import farm.darkroom.common.job.QueuedJob;
import farm.darkroom.common.job.RenderJob;
import farm.darkroom.worker.lease.HeldJob;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * This worker lacks what the held job needs: another may have it. The last worker to see the job
 * makes it a dead letter, unless another is known to offer the model.
 */
record Declining(HeldJob held, RenderJob job, String unmetRequirement) implements HeldStage {
  private static final Logger log = LoggerFactory.getLogger(Declining.class);

  /** How often a job is published again to find a worker that has everything it names. */
  private static final int MOST_REQUEUES = 10;

  @Override
  public Stage advance(StageContext context) {
    log.warn("handed back after attempt {}: {}", held.attempt(), unmetRequirement);
    FarmException why = new FarmException(FailureKind.WORKER_UNFIT, unmetRequirement);
    if (!context.consumer().lastDelivery(held)) {
      context.completion().release(held, why);
    } else if (context.completion().retry().untilAnswered(held, () -> others(context))) {
      context.completion().events().publish(held, JobState.QUEUED);
      context.completion().acknowledger().requeue(held, QueuedJob::again);
    } else {
      return new Rejecting(held, why);
    }
    return new Resting(HandingBack.pauseAfter(held));
  }

  /**
   * Where this worker offers the model too, what it lacks is something else, such as a LoRA, and
   * this worker does not know whether any worker has that.
   */
  private boolean others(StageContext context) {
    boolean hopeful =
        !context.renderer().models().contains(job.model())
            || QueuedJob.fromJson(held.lease().payload()).requeued() < MOST_REQUEUES;
    return hopeful && context.others().isOfferedByAnother(job.model());
  }
}

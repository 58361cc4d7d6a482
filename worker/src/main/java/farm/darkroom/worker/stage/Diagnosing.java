package farm.darkroom.worker.stage;

import farm.darkroom.common.FailureKind;
import farm.darkroom.common.FarmException;
import farm.darkroom.common.job.RenderJob;
import farm.darkroom.worker.lease.HeldJob;
import java.util.Optional;

/**
 * The job failed twice: is the job to blame, or this worker? A probe of the same model tells while
 * the job is still held, so that a sick worker does not use up its deliveries.
 */
record Diagnosing(HeldJob held, RenderJob job, FarmException why) implements HeldStage {

  @Override
  public Stage advance(StageContext context) {
    try {
      context.renderer().probe(Optional.of(job));
      return new HandingBack(held, why);
    } catch (FarmException e) {
      return unfit(e);
    } catch (LinkageError | VirtualMachineError e) {
      return unfit(Unforeseen.asFailure(e));
    }
  }

  private Stage unfit(FarmException probe) {
    String message = why.getMessage() + "; and the probe: " + probe.getMessage();
    return new HandingBack(held, new FarmException(FailureKind.WORKER_UNFIT, message, why));
  }
}

package farm.darkroom.worker.stage;

import farm.darkroom.common.FarmException;
import farm.darkroom.common.job.JobState;
import farm.darkroom.common.job.RenderRecord;
import farm.darkroom.common.job.StoredImage;
import farm.darkroom.worker.lease.HeldJob;
import farm.darkroom.worker.port.RenderStopped;
import farm.darkroom.worker.result.FinishedJob;
import farm.darkroom.worker.result.ResultFile;
import farm.darkroom.worker.result.Uploads;
import java.util.ArrayList;
import java.util.List;

/**
 * Stores the outputs, then the record, which commits them. Meanwhile the worker renders its next
 * job.
 */
record Storing(HeldJob held, FinishedJob finished) implements HeldStage {

  @Override
  public Stage advance(StageContext context) {
    try {
      store(context);
    } catch (RenderStopped | FarmException e) {
      context.results().unstored().put(finished);
      throw e;
    }
    return new Acknowledging(held, JobState.STORED);
  }

  private void store(StageContext context) {
    Uploads uploads =
        new Uploads(
            context.results().store(), context.telemetry().metrics(), context.telemetry().time());
    List<StoredImage> images = new ArrayList<>();
    for (ResultFile file : context.results().finisher().files(finished)) {
      images.add(
          context.completion().retry().untilAnswered(held, () -> uploads.output(finished, file)));
    }
    RenderRecord record = context.results().finisher().record(finished, images);
    context.completion().retry().untilAnswered(held, () -> uploads.record(record));
  }
}

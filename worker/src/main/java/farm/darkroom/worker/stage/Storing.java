package farm.darkroom.worker.stage;

import farm.darkroom.common.job.JobState;
import farm.darkroom.common.job.RenderRecord;
import farm.darkroom.common.job.StoredImage;
import farm.darkroom.worker.lease.Held;
import farm.darkroom.worker.port.RenderStopped;
import farm.darkroom.worker.result.Finished;
import farm.darkroom.worker.result.ResultFile;
import farm.darkroom.worker.result.Uploads;
import java.util.ArrayList;
import java.util.List;

/**
 * Storing what was rendered: the outputs, then the record, which commits them. The worker renders
 * its next job meanwhile.
 */
record Storing(Held held, Finished finished) implements HeldStage {

  @Override
  public Stage advance(Station station) {
    try {
      store(station);
    } catch (RenderStopped e) {
      station.results().shelf().put(finished);
      throw e;
    }
    return new Settling(held, JobState.STORED);
  }

  private void store(Station station) {
    Uploads uploads =
        new Uploads(station.results().store(), station.pulse().metrics(), station.pulse().pace());
    List<StoredImage> images = new ArrayList<>();
    for (ResultFile file : station.results().finisher().files(finished)) {
      images.add(
          station.settlement().persistence().insist(held, () -> uploads.output(finished, file)));
    }
    RenderRecord record = station.results().finisher().record(finished, images);
    station.settlement().persistence().insist(held, () -> uploads.record(record));
  }
}

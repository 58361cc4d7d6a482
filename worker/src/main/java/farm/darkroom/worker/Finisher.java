package farm.darkroom.worker;

import farm.darkroom.common.job.RenderJob;
import java.util.List;

/** Makes files of what was rendered. */
interface Finisher {

  /**
   * The outputs as files.
   *
   * @throws farm.darkroom.common.FarmException RENDER_FAILED when an output shows that the render
   *     went wrong: a picture that is all black
   */
  Finished finish(String jobId, RenderJob job, RenderResult result);

  /**
   * The record, {@code record.json}.
   *
   * @param attempt the delivery that made it
   * @param sha256s of the stored outputs, in order
   */
  byte[] record(Finished finished, int attempt, List<String> sha256s);
}

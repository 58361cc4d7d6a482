package farm.darkroom.worker.render;

import farm.darkroom.common.FarmException;
import farm.darkroom.common.job.Additions;
import farm.darkroom.common.job.RenderJob;

/** What a job may ask for and this engine does not do. */
final class Unsupported {
  private Unsupported() {}

  /**
   * @throws FarmException INVALID_JOB naming the field
   */
  static void refuse(RenderJob job) {
    Additions additions = job.additions();
    refuse("embeddings", !additions.embeddings().isEmpty());
    refuse("controlnet", !additions.controlnet().isEmpty());
  }

  private static void refuse(String field, boolean asked) {
    if (asked) {
      throw FarmException.invalidJob("$." + field + ": this engine does not render with it");
    }
  }
}

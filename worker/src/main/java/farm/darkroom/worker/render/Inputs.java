package farm.darkroom.worker.render;

import farm.darkroom.common.job.ImageReference;

/** Where the pictures come from that jobs start from. */
@FunctionalInterface
public interface Inputs {

  /**
   * A picture's file.
   *
   * @throws farm.darkroom.common.FarmException INVALID_JOB when there is none or it is too large,
   *     STORE_UNAVAILABLE when it cannot be had now
   */
  byte[] read(ImageReference image);
}

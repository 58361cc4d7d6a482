package farm.darkroom.worker.render.input;

import farm.darkroom.common.job.FileReference;
import farm.darkroom.common.job.ImageReference;
import java.nio.file.Path;

/** Fetches the pictures that jobs start from, and weights that are not on this machine. */
public interface Inputs {
  /**
   * A picture's file.
   *
   * @throws farm.darkroom.common.FarmException INVALID_JOB when there is none or it is too large,
   *     STORE_UNAVAILABLE when it cannot be had now
   */
  byte[] read(ImageReference image);

  /**
   * A file of weights that lies in a store, as a file of this machine that never changes.
   *
   * @throws farm.darkroom.common.FarmException as {@link #read}
   */
  Path fetch(FileReference file);
}

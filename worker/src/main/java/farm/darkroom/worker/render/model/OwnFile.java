package farm.darkroom.worker.render.model;

import static java.util.Objects.requireNonNull;

import farm.darkroom.common.DiskReason;
import farm.darkroom.common.FailureKind;
import farm.darkroom.common.FarmException;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.FileTime;

/**
 * A file that a job adds to its model, as it was when it was found: one that was written anew since
 * is another.
 *
 * @param name as the job calls it
 */
record OwnFile(String name, Path file, long size, FileTime modified) {
  OwnFile {
    requireNonNull(name, "name");
    requireNonNull(file, "file");
    requireNonNull(modified, "modified");
  }

  /** A file that never changes, whatever happens to its times. */
  static OwnFile unchanging(String name, Path file) {
    return new OwnFile(name, file, 0, FileTime.fromMillis(0));
  }

  /**
   * The file as it is now.
   *
   * @throws FarmException WORKER_UNFIT when it cannot be read
   */
  static OwnFile of(String name, Path file) {
    try {
      return new OwnFile(name, file, Files.size(file), Files.getLastModifiedTime(file));
    } catch (IOException e) {
      throw new FarmException(
          FailureKind.WORKER_UNFIT, file + ": cannot be read: " + DiskReason.of(e), e);
    }
  }
}

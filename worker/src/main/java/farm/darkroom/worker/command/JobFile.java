package farm.darkroom.worker.command;

import farm.darkroom.common.FarmException;
import farm.darkroom.common.job.RenderJob;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;

/** A file with one job, or standard input. */
record JobFile(String name) {
  private static final int LARGEST = 1 << 20;

  /**
   * The job.
   *
   * @throws FarmException INVALID_JOB that says what is wrong, and where
   */
  RenderJob read() {
    return RenderJob.fromJson(bytes());
  }

  private byte[] bytes() {
    try {
      if (name.equals("-")) {
        return System.in.readNBytes(LARGEST + 1);
      }
      if (!Files.isRegularFile(Path.of(name))) {
        throw FarmException.invalidJob(name + ": there is no such file");
      }
      return Files.readAllBytes(Path.of(name));
    } catch (IOException e) {
      throw FarmException.invalidJob(name + ": cannot be read: " + e.getMessage());
    }
  }
}

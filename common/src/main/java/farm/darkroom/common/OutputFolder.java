package farm.darkroom.common;

import java.nio.file.Files;
import java.nio.file.Path;

/** The folder that a command writes to. */
public final class OutputFolder {
  private OutputFolder() {}

  /**
   * The folder itself; it need not be there yet.
   *
   * @param option that it was typed as
   * @throws FarmException INVALID_JOB when there is a file of that name
   */
  public static Path checked(String option, Path folder) {
    if (Files.exists(folder) && !Files.isDirectory(folder)) {
      throw FarmException.invalidJob(
          "%s %s: it is a file, allowed: a folder".formatted(option, folder));
    }
    return folder;
  }
}

package farm.darkroom.worker.hub;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;

/** Checks that a disk has room for a download. */
final class DiskSpace {
  private DiskSpace() {}

  /**
   * @throws HubException when fewer than {@code needed} bytes are free in {@code folder}
   */
  static void check(Path folder, long needed) {
    try {
      Files.createDirectories(folder);
      long free = Files.getFileStore(folder).getUsableSpace();
      if (needed > free) {
        throw HubException.failed(
            "%s: %s are still to come, the disk has %s free"
                .formatted(folder, DecimalSize.text(needed), DecimalSize.text(free)),
            null);
      }
    } catch (IOException e) {
      throw DiskFailure.of(folder, e);
    }
  }
}

package farm.darkroom.worker.render.inventory;

import farm.darkroom.common.Await;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.FileTime;

/** The clock of a file system, which may stand still for some milliseconds. */
final class Clocks {
  private Clocks() {}

  /** Waits until what is written now is later than the file, by the inode's own time. */
  static void tick(Path file) throws IOException {
    Path probe = file.resolveSibling("probe");
    FileTime before = changed(file);
    Await.until(
        () -> {
          try {
            return before.compareTo(changed(Files.writeString(probe, "now"))) < 0;
          } catch (IOException e) {
            throw new UncheckedIOException(e);
          }
        });
    Files.delete(probe);
  }

  private static FileTime changed(Path file) throws IOException {
    return (FileTime) Files.getAttribute(file, "unix:ctime");
  }
}

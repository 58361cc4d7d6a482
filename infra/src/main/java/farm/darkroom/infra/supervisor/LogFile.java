package farm.darkroom.infra.supervisor;

import static java.util.Objects.requireNonNull;

import java.io.IOException;
import java.nio.channels.FileChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.StandardOpenOption;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * A file that a process appends to, within bounds: what is too much is moved to a second file,
 * called as the first with {@code .1} behind it, which is written over each time.
 *
 * @param most bytes that the first may have
 */
record LogFile(Path file, long most) {
  private static final Logger log = LoggerFactory.getLogger(LogFile.class);
  private static final long MOST = 16L << 20;

  LogFile {
    requireNonNull(file, "file");
  }

  static LogFile of(Path file) {
    return new LogFile(file, MOST);
  }

  Path previous() {
    return file.resolveSibling(file.getFileName() + ".1");
  }

  /** Rotates the file if it is too large; a line that is written at this moment may be lost. */
  void trim() {
    try {
      if (Files.exists(file) && Files.size(file) > most) {
        try {
          Files.copy(file, previous(), StandardCopyOption.REPLACE_EXISTING);
        } finally {
          // A full disk is a reason to go on. Who appends goes on at the end, now the beginning.
          FileChannel.open(file, StandardOpenOption.WRITE, StandardOpenOption.TRUNCATE_EXISTING)
              .close();
        }
      }
    } catch (IOException e) {
      log.warn("{} grows: {}", file, e.toString());
    }
  }
}

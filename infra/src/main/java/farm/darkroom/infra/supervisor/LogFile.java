package farm.darkroom.infra.supervisor;

import static java.util.Objects.requireNonNull;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.charset.StandardCharsets;
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
  private static final int LONGEST = 4096;

  LogFile {
    requireNonNull(file, "file");
  }

  static LogFile of(Path file) {
    return new LogFile(file, MOST);
  }

  Path previous() {
    return file.resolveSibling(file.getFileName() + ".1");
  }

  /** In bytes; 0 when it is not there. */
  long size() {
    return file.toFile().length();
  }

  /**
   * The last line that is not blank, at most 4 KiB of it; empty when there is none or it cannot be
   * read.
   *
   * @param before what it held at an earlier time, in bytes, which does not count
   */
  String lastLine(long before) {
    try (FileChannel channel = FileChannel.open(file)) {
      long end = channel.size();
      // A file that was trimmed has started over.
      long begin = Math.max(end - LONGEST, before > end ? 0 : before);
      ByteBuffer last = ByteBuffer.allocate((int) (end - begin));
      while (last.hasRemaining() && channel.read(last, begin + last.position()) >= 0) {}
      return new String(last.array(), 0, last.position(), StandardCharsets.UTF_8)
          .lines()
          .filter(line -> !line.isBlank())
          .reduce("", (earlier, later) -> later);
    } catch (IOException e) {
      return "";
    }
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

package farm.darkroom.infra.supervisor;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.FileOutputStream;
import java.io.IOException;
import java.io.OutputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class LogFileTest {
  @TempDir private Path folder;

  @Test
  void appendingContinuesAfterRotation() throws IOException {
    LogFile log = new LogFile(folder.resolve("box-1.log"), 10);
    log.trim();
    try (OutputStream worker = new FileOutputStream(log.file().toFile(), true)) {
      write(worker, "0123456789");
      log.trim();
      assertThat(log.previous()).doesNotExist();
      for (String line : new String[] {"a", "bbbbbbbbbbbb", "c"}) {
        write(worker, line);
        log.trim();
      }
    }
    assertThat(log.file()).hasContent("c");
    assertThat(log.previous()).hasContent("bbbbbbbbbbbb").hasFileName("box-1.log.1");
  }

  @Test
  void theLastLineIsWhatCameSinceAndIsNotBlank() throws IOException {
    LogFile log = new LogFile(folder.resolve("box-1.log"), 10);
    assertThat(log.lastLine(0)).isEmpty();
    try (OutputStream worker = new FileOutputStream(log.file().toFile(), true)) {
      write(worker, "x".repeat(9000) + "\nworker: gave up\n\n");
      assertThat(log.lastLine(0)).isEqualTo("worker: gave up");
      assertThat(log.lastLine(log.size())).isEmpty();
      log.trim();
      write(worker, "too old\n");
      assertThat(log.lastLine(9000)).isEqualTo("too old");
    }
  }

  private static void write(OutputStream to, String text) throws IOException {
    to.write(text.getBytes(StandardCharsets.UTF_8));
    to.flush();
  }
}

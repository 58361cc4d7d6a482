package farm.darkroom.common;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import org.assertj.core.api.ThrowableAssert.ThrowingCallable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class DiskReasonTest {
  @TempDir Path folder;

  @Test
  void bareJdkMessagesAreReplacedByWords() throws IOException {
    Path none = folder.resolve("none");
    assertThat(reason(() -> Files.readAllBytes(none))).isEqualTo("there is no " + none);
    Path file = Files.write(folder.resolve("file"), new byte[] {(byte) 0xff});
    assertThat(reason(() -> Files.readString(file, UTF_8))).isEqualTo("it is no UTF-8 text");
    assertThat(reason(() -> Files.createDirectories(file)))
        .isEqualTo(file + " is there already, and no folder");
  }

  @Test
  void systemMessagesAreKept() throws IOException {
    Path file = Files.write(folder.resolve("file"), new byte[0]);
    assertThat(reason(() -> Files.write(file.resolve("in-it"), new byte[1])))
        .isEqualTo(file.resolve("in-it") + ": Not a directory");
  }

  private static String reason(ThrowingCallable act) {
    IOException thrown = catchThrowableOfType(IOException.class, act);
    return DiskReason.of(new UncheckedIOException(thrown));
  }
}

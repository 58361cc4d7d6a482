package farm.darkroom.infra.box;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.channels.FileChannel;
import java.nio.channels.FileLock;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class NewFoldersTest {
  @TempDir private Path parent;

  @Test
  void newOnesAreDeletedUnlessTheyAreKept() {
    Path kept = parent.resolve("kept");
    try (NewFolders folders = make(kept)) {
      folders.keep();
    }
    assertThat(kept.resolve("kafka")).isEmptyDirectory();
    Path dropped = parent.resolve("dropped");
    make(dropped).close();
    assertThat(dropped).doesNotExist();
  }

  /** Another farm came up in the same folder meanwhile. */
  @Test
  void thoseOfAnotherBrokerStay() throws IOException {
    Path data = parent.resolve("data");
    NewFolders folders = make(data);
    Path lock = Files.createFile(data.resolve("kafka").resolve(".lock"));
    try (FileChannel broker = FileChannel.open(lock, StandardOpenOption.WRITE);
        FileLock held = broker.lock()) {
      assertThat(held.isValid()).isTrue();
      folders.close();
    }
    assertThat(lock).exists();
  }

  private static NewFolders make(Path data) {
    return NewFolders.make(data.resolve("kafka"), data.resolve("s3"));
  }
}

package farm.darkroom.worker.render.inventory;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.attribute.FileTime;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class FileReadCacheTest {
  @TempDir Path folder;
  private final FileReadCache<String> known = new FileReadCache<>();
  private int readings;

  @Test
  void aFileIsReadAgainOnlyWhenItChanged() throws IOException {
    Path file = Files.writeString(folder.resolve("a"), "one");
    assertThat(text(file)).isEqualTo("one");
    assertThat(text(file)).isEqualTo("one");
    assertThat(readings).isEqualTo(1);
    Files.writeString(file, "longer");
    assertThat(text(file)).isEqualTo("longer");
    Files.writeString(file, "as long");
    assertThat(text(file)).isEqualTo("as long");
    assertThat(readings).isEqualTo(3);
  }

  @Test
  void aFileOfTheSameSizeIsAnotherByItsTime() throws IOException {
    Path file = Files.writeString(folder.resolve("a"), "one");
    Files.setLastModifiedTime(file, FileTime.fromMillis(1000));
    assertThat(text(file)).isEqualTo("one");
    Files.writeString(file, "two");
    Files.setLastModifiedTime(file, FileTime.fromMillis(2000));
    assertThat(text(file)).isEqualTo("two");
  }

  @Test
  void aFileThatIsMovedThereIsAnotherEvenOfTheSameTime() throws IOException {
    Path file = Files.writeString(folder.resolve("a"), "one");
    Path other = Files.writeString(folder.resolve("b"), "two");
    Files.setLastModifiedTime(file, FileTime.fromMillis(1000));
    Files.setLastModifiedTime(other, FileTime.fromMillis(1000));
    assertThat(text(file)).isEqualTo("one");
    Clocks.tick(file);
    Files.move(other, file, StandardCopyOption.REPLACE_EXISTING);
    assertThat(text(file)).isEqualTo("two");
  }

  @Test
  void whatFailsIsTriedAgain() throws IOException {
    Path file = folder.resolve("a");
    assertThatThrownBy(() -> text(file)).isInstanceOf(NoSuchFileException.class);
    Files.writeString(file, "one");
    assertThat(text(file)).isEqualTo("one");
  }

  private String text(Path file) throws IOException {
    return known.get(
        file,
        path -> {
          readings++;
          return Files.readString(path);
        });
  }
}

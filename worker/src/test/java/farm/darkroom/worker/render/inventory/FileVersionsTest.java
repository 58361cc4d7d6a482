package farm.darkroom.worker.render.inventory;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.FileTime;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class FileVersionsTest {
  @TempDir private Path folder;

  @Test
  void aChangeNamesTheFileAndWhatIsOtherAboutIt() throws IOException {
    Path file = Files.writeString(folder.resolve("unet.safetensors"), "one");
    FileVersions before = versions();
    assertThat(before.change(versions())).isEmpty();
    Files.writeString(file, "three");
    assertThat(before.change(versions())).isEqualTo(file + " has 5 bytes, had 3");
    FileVersions three = versions();
    Files.setLastModifiedTime(file, FileTime.fromMillis(0));
    assertThat(three.change(versions())).startsWith(file + " is of 1970-01-01T00:00:00Z, was of ");
    Files.writeString(folder.resolve("config.json"), "{}");
    Files.delete(file);
    assertThat(three.change(versions()))
        .isEqualTo(folder.resolve("config.json") + " is new, and 1 more");
    assertThat(before.change(three)).isNotEmpty();
  }

  @Test
  void aFileThatIsWrittenIntoIsAnotherWhateverItsSizeAndTime() throws IOException {
    Path file = Files.writeString(folder.resolve("unet.safetensors"), "one");
    FileTime time = Files.getLastModifiedTime(file);
    FileVersions before = versions();
    Clocks.tick(file);
    Files.writeString(file, "two");
    Files.setLastModifiedTime(file, time);
    assertThat(before.change(versions())).contains("was moved there, or touched");
  }

  @Test
  void whatLiesBesideAFileCountsWhereItIsReadAlone() throws IOException {
    Path file = Files.writeString(folder.resolve("lora.safetensors"), "one");
    FileVersions model = FileVersions.of(Stream.of(file));
    FileVersions network = FileVersions.of(Stream.empty(), Stream.of(file));
    Files.writeString(folder.resolve("lora.json"), "{}");
    assertThat(FileVersions.of(Stream.of(file))).isNotEqualTo(model);
    assertThat(FileVersions.of(Stream.empty(), Stream.of(file))).isEqualTo(network);
  }

  private FileVersions versions() {
    return FileVersions.of(Stream.of(folder));
  }
}

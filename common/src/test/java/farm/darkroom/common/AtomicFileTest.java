package farm.darkroom.common;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.io.OutputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class AtomicFileTest {
  @TempDir Path folder;

  @Test
  void filesAppearWithTheirFolders() throws IOException {
    Path target = folder.resolve("a/b/c.txt");
    AtomicFile.write(target, new byte[] {1});
    AtomicFile.write(target, new byte[] {2, 3});
    assertThat(target).hasBinaryContent(new byte[] {2, 3});
  }

  @Test
  void failureLeavesWhatWasThere() throws IOException {
    Path target = folder.resolve("c.txt");
    AtomicFile.write(target, new byte[] {1});
    assertThatThrownBy(
            () ->
                AtomicFile.write(
                    target,
                    out -> {
                      out.write(new byte[100_000]);
                      throw new IOException("disk full");
                    }))
        .hasMessage("disk full");
    assertThat(target).hasBinaryContent(new byte[] {1});
    try (Stream<Path> left = Files.list(folder)) {
      assertThat(left).containsExactly(target);
    }
  }

  @Test
  void whatAKilledProcessLeftGoesAndNothingElse() throws IOException {
    long mine = ProcessHandle.current().pid();
    String left = "a.png.99999999.part";
    List<String> others = List.of("a.png." + mine + ".part", "film.99999999.part", "a.png.part");
    for (String name : others) {
      Files.createFile(folder.resolve(name));
    }
    Files.createFile(folder.resolve(left));
    AtomicFile.clear(folder, "a.png"::equals);
    assertThat(folder.resolve(left)).doesNotExist();
    assertThat(others).allMatch(name -> Files.exists(folder.resolve(name)));
    AtomicFile.clear(folder.resolve("nowhere"), name -> true);
  }

  @Test
  void fullDiskErrorNamesTheFile() {
    OutputStream full =
        new OutputStream() {
          @Override
          public void write(int b) throws IOException {
            throw new IOException("No space left on device");
          }
        };
    OutputStream named = new AtomicFile.Named(full, Path.of("night/0.png"));
    assertThatThrownBy(() -> named.write(new byte[2]))
        .isInstanceOf(IOException.class)
        .hasMessage("night/0.png: No space left on device");
  }
}

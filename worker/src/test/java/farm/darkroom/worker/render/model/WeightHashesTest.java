package farm.darkroom.worker.render.model;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class WeightHashesTest {
  private static final String ABC =
      "ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad";

  @TempDir private Path folder;
  private final WeightHashes hashes = new WeightHashes();

  @Test
  void changedFileIsReadAgain() throws IOException {
    Path file = Files.writeString(folder.resolve("w.safetensors"), "abc");
    assertThat(hashes.of(file)).isEqualTo(ABC);
    Files.writeString(file, "abcd");
    assertThat(hashes.of(file)).isNotEqualTo(ABC);
  }

  @Test
  void blobOfTheHubIsNamedByItsHash() throws IOException {
    Path blob = Files.writeString(folder.resolve(ABC), "not read");
    Path link = Files.createSymbolicLink(folder.resolve("w.safetensors"), blob);
    assertThat(hashes.of(link)).isEqualTo(ABC);
  }
}

package farm.darkroom.worker.render.model;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
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
    assertThat(hash(file)).isEqualTo(ABC);
    Files.writeString(file, "abcd");
    assertThat(hash(file)).isNotEqualTo(ABC);
  }

  @Test
  void blobOfTheHubIsNamedByItsHash() throws IOException {
    Path blob = Files.writeString(folder.resolve(ABC), "not read");
    Path link = Files.createSymbolicLink(folder.resolve("w.safetensors"), blob);
    assertThat(hash(link)).isEqualTo(ABC);
  }

  /** It may take its time to be hashed: what was opened is what the hash is of. */
  @Test
  void fileThatIsMovedOverAPinnedOneIsNotMeant() throws IOException {
    Path file = Files.writeString(folder.resolve("w.safetensors"), "abc");
    Path other = Files.writeString(folder.resolve("other"), "other");
    WeightHashes.Pinned pinned = hashes.pin(file);
    Files.move(other, file, StandardCopyOption.REPLACE_EXISTING);
    assertThat(pinned.hash().get()).isEqualTo(ABC);
    assertThat(pinned.size()).isEqualTo(3);
    assertThat(hash(file)).isNotEqualTo(ABC);
  }

  private String hash(Path file) {
    return hashes.pin(file).hash().get();
  }
}

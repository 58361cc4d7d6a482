package farm.darkroom.submitter.submit;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import farm.darkroom.common.FarmException;
import farm.darkroom.common.job.ImageReference;
import farm.darkroom.common.job.JobId;
import farm.darkroom.common.job.RenderJob;
import farm.darkroom.common.store.InMemoryResultStore;
import farm.darkroom.common.store.StoreKeys;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class LocalPicturesTest {
  @TempDir Path folder;
  private final InMemoryResultStore store = new InMemoryResultStore();
  private final LocalPictures pictures = new LocalPictures("renders");

  @Test
  void aPictureLiesUnderItsHash() throws IOException {
    Path file = Files.write(folder.resolve("sketch.png"), new byte[] {1, 2, 3});
    RenderJob stored = pictures.stored(job(file));
    String hash = Sha256.hex(new byte[] {1, 2, 3});
    assertThat(stored.images()).containsExactly(ImageReference.input("renders", hash));
    pictures.upload(store);
    assertThat(store.get(StoreKeys.input(hash), 10)).contains(new byte[] {1, 2, 3});
  }

  @Test
  void theIdIsThatOfThePictureNotOfItsPath() throws IOException {
    Path one = Files.write(folder.resolve("one.png"), new byte[] {1});
    Path two = Files.write(folder.resolve("two.png"), new byte[] {1});
    assertThat(JobId.of(pictures.stored(job(one)))).isEqualTo(JobId.of(pictures.stored(job(two))));
  }

  @Test
  void aMissingPictureIsRefused() {
    assertThatThrownBy(() -> pictures.stored(job(folder.resolve("none.png"))))
        .isInstanceOf(FarmException.class)
        .hasMessageContaining("none.png: there is no such file");
  }

  @Test
  void aPictureThatChangesMeanwhileIsRefused() throws IOException {
    Path file = Files.write(folder.resolve("sketch.png"), new byte[] {1});
    RenderJob job = pictures.stored(job(file));
    assertThat(job.images()).hasSize(1);
    Files.write(file, new byte[] {2});
    assertThatThrownBy(() -> pictures.upload(store)).hasMessageContaining("changed");
    assertThat(store.list("inputs/")).isEmpty();
  }

  private static RenderJob job(Path image) {
    String json = "{\"model\":\"demo\",\"prompt\":\"a cube\",\"seed\":1,\"image\":\"%s\"}";
    return RenderJob.fromJson(json.formatted(image).getBytes(UTF_8));
  }
}

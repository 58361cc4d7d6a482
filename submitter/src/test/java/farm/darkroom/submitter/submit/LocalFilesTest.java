package farm.darkroom.submitter.submit;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import farm.darkroom.common.FarmException;
import farm.darkroom.common.Sha256;
import farm.darkroom.common.job.Embedding;
import farm.darkroom.common.job.FileReference;
import farm.darkroom.common.job.ImageReference;
import farm.darkroom.common.job.JobId;
import farm.darkroom.common.job.Lora;
import farm.darkroom.common.job.RenderJob;
import farm.darkroom.common.store.InMemoryResultStore;
import farm.darkroom.common.store.StoreKeys;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class LocalFilesTest {
  private static final byte[] PICTURE = "GIF89a and so on".getBytes(UTF_8);
  private static final byte[] WEIGHTS = "\2\0\0\0\0\0\0\0{}".getBytes(UTF_8);

  @TempDir Path folder;
  private final InMemoryResultStore store = new InMemoryResultStore();
  private final LocalFiles files = new LocalFiles("renders");

  @Test
  void aPictureLiesUnderItsHash() throws IOException {
    Path file = Files.write(folder.resolve("sketch.png"), PICTURE);
    RenderJob stored = files.stored(job(file));
    String hash = Sha256.hex(PICTURE);
    assertThat(stored.images()).containsExactly(ImageReference.input("renders", hash));
    files.upload(store);
    assertThat(store.get(StoreKeys.input(hash), 100)).contains(PICTURE);
  }

  @Test
  void theIdIsThatOfThePictureNotOfItsPath() throws IOException {
    Path one = Files.write(folder.resolve("one.png"), PICTURE);
    Path two = Files.write(folder.resolve("two.png"), PICTURE);
    assertThat(JobId.of(files.stored(job(one)))).isEqualTo(JobId.of(files.stored(job(two))));
  }

  @Test
  void aMissingPictureIsRefused() {
    assertThatThrownBy(() -> files.stored(job(folder.resolve("none.png"))))
        .isInstanceOf(FarmException.class)
        .hasMessageContaining("none.png: there is no such file");
  }

  @Test
  void aFileOfAnotherFormatIsRefusedByItsName() throws IOException {
    Path text = Files.writeString(folder.resolve("job.json"), "{}");
    assertThatThrownBy(() -> files.stored(job(text)))
        .isInstanceOf(FarmException.class)
        .hasMessage(
            "picture %s: it is no picture of a known format, allowed: PNG, JPEG, BMP and GIF"
                + " (convert it first)",
            text);
    Path picture = Files.write(folder.resolve("style.safetensors"), PICTURE);
    for (String field : new String[] {"loras", "embeddings"}) {
      assertThatThrownBy(() -> files.stored(added("'" + field + "': [{'path': '%s'}]", picture)))
          .isInstanceOf(FarmException.class)
          .hasMessage("file %s: it is a picture (GIF), allowed: a safetensors file", picture);
    }
    files.upload(store);
    assertThat(store.list("inputs/")).isEmpty();
  }

  @Test
  void aPictureThatChangesMeanwhileIsRefused() throws IOException {
    Path file = Files.write(folder.resolve("sketch.png"), PICTURE);
    RenderJob job = files.stored(job(file));
    assertThat(job.images()).hasSize(1);
    Files.write(file, new byte[] {2});
    assertThatThrownBy(() -> files.upload(store)).hasMessageContaining("changed");
    assertThat(store.list("inputs/")).isEmpty();
  }

  @Test
  void weightsLieUnderTheirHashAndKeepTheirWord() throws IOException {
    Path file = Files.write(folder.resolve("thing.safetensors"), WEIGHTS);
    RenderJob stored =
        files.stored(added("'loras': [{'path': '%1$s'}], 'embeddings': [{'path': '%1$s'}]", file));
    FileReference there = FileReference.input("renders", Sha256.hex(WEIGHTS));
    assertThat(stored.additions().loras()).extracting(Lora::path).containsExactly(there);
    assertThat(stored.additions().embeddings()).extracting(Embedding::path).containsExactly(there);
    assertThat(stored.additions().embeddings().get(0).token()).isEqualTo("thing");
    files.upload(store);
    assertThat(store.get(there.key().orElseThrow(), 100)).contains(WEIGHTS);
    Path copy = Files.copy(file, folder.resolve("copy.safetensors"));
    String lora = "'loras': [{'path': '%s'}]";
    assertThat(JobId.of(files.stored(added(lora, copy))))
        .isEqualTo(JobId.of(files.stored(added(lora, file))));
  }

  @Test
  void weightsOfTheWorkerStayAsTheyAreNamed() {
    Path there = folder.resolve("no-such-file-here");
    RenderJob job = added("'loras': [{'path': 'loras/a'}, {'path': '%s'}]", there);
    assertThat(files.stored(job)).isEqualTo(job);
    assertThatThrownBy(() -> files.stored(added("'loras': [{'path': './%s'}]", Path.of("none"))))
        .hasMessageContaining("file ./none: there is no such file");
  }

  private static RenderJob added(String fields, Path file) {
    String json = "{'model':'demo','prompt':'a cube','seed':1," + fields.formatted(file) + "}";
    return RenderJob.fromJson(json.replace('\'', '"').getBytes(UTF_8));
  }

  private static RenderJob job(Path image) {
    String json = "{\"model\":\"demo\",\"prompt\":\"a cube\",\"seed\":1,\"image\":\"%s\"}";
    return RenderJob.fromJson(json.formatted(image).getBytes(UTF_8));
  }
}

package farm.darkroom.worker.render.model;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import farm.darkroom.common.FailureKind;
import farm.darkroom.common.FarmException;
import farm.darkroom.common.Sha256;
import farm.darkroom.common.job.Additions;
import farm.darkroom.common.job.FileReference;
import farm.darkroom.common.job.ImageReference;
import farm.darkroom.common.job.RenderJob;
import farm.darkroom.common.store.InMemoryResultStore;
import farm.darkroom.common.store.StoreKeys;
import farm.darkroom.worker.render.input.FileCache;
import farm.darkroom.worker.render.input.Inputs;
import farm.darkroom.worker.render.input.StoredInputs;
import farm.darkroom.worker.render.inventory.TestFolders;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Clock;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Files from the store that jobs add. */
class AddedFilesTest {
  private static final String BUCKET = "renders";

  @TempDir Path folder;
  private final InMemoryResultStore store = new InMemoryResultStore();

  @Test
  void folderThatCannotBeWrittenPutsTheFileAsideAndNotTheJob() throws IOException {
    Path taken = Files.write(folder.resolve("taken"), new byte[1]);
    StoredInputs inputs = new StoredInputs(BUCKET, store, cache(taken));
    AddedFiles files = new AddedFiles(TestFolders.demo(), inputs, new Quarantine(System::nanoTime));
    Additions additions = stored();
    assertThat(files.unmetRequirement(additions)).isEmpty();
    assertThatThrownBy(() -> files.loras(additions.loras()))
        .isInstanceOfSatisfying(
            FarmException.class, e -> assertThat(e.kind()).isEqualTo(FailureKind.WORKER_UNFIT));
    assertThat(files.unmetRequirement(additions).orElseThrow())
        .contains("cannot be used here", "taken");
  }

  /** Another worker of this machine made room for its own. */
  @Test
  void fileThatIsGoneAgainIsNotTheJobsFault() {
    StoredInputs inputs = new StoredInputs(BUCKET, store, cache(folder.resolve("files")));
    Inputs robbed =
        new Inputs() {
          @Override
          public byte[] read(ImageReference image) {
            return inputs.read(image);
          }

          @Override
          public Path fetch(FileReference file) {
            Path fetched = inputs.fetch(file);
            assertThat(fetched.toFile().delete()).isTrue();
            return fetched;
          }
        };
    AddedFiles files = new AddedFiles(TestFolders.demo(), robbed, new Quarantine(System::nanoTime));
    Additions additions = stored();
    assertThatThrownBy(() -> files.loras(additions.loras()))
        .isInstanceOfSatisfying(
            FarmException.class, e -> assertThat(e.kind()).isEqualTo(FailureKind.WORKER_UNFIT));
    assertThat(files.unmetRequirement(additions)).as("it may be fetched again").isEmpty();
  }

  private static FileCache cache(Path files) {
    return new FileCache(files, 100, Clock.systemUTC());
  }

  /** What a job adds that names a LoRA of three bytes in the store. */
  private Additions stored() {
    byte[] content = {1, 2, 3};
    String sha256 = Sha256.hex(content);
    store.putIfAbsent(StoreKeys.input(sha256), content, "application/octet-stream");
    String json =
        "{'model': 'demo', 'prompt': 'x', 'loras': [{'path': 'sha256:%s'}]}".formatted(sha256);
    return RenderJob.fromJson(json.replace('\'', '"').getBytes(StandardCharsets.UTF_8)).additions();
  }
}

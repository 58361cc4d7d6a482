package farm.darkroom.worker.hub;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import farm.darkroom.worker.hub.FakeHub.Fault;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Optional;
import org.junit.jupiter.api.Test;

/** Where whole models and single files go. */
class PullPlaceTest extends TinyModelOnAHub {

  @Test
  void folderOfModelsGetsRealFilesUnderTheNameThatJobsUse() throws IOException {
    Path models = machine.resolve("models");
    PullResult pulled = folder(models, "org/tiny@v1");
    assertThat(pulled.place()).isEqualTo(models.resolve("org/tiny@v1"));
    assertThat(pulled.place().resolve(UNET)).hasBinaryContent(hub.files.get(UNET));
    assertThat(Files.isSymbolicLink(pulled.place().resolve(UNET))).isFalse();
    assertThat(folder(models, "org/tiny@v1").received())
        .as("the index says which files are needed")
        .isEqualTo(hub.files.get("model_index.json").length);
    Files.writeString(pulled.place().resolve("unet/config.json"), "{ }");
    assertThatThrownBy(() -> folder(models, "org/tiny@v1"))
        .hasMessageContaining("unet/config.json is not what the hub has");
  }

  @Test
  void folderOfModelsShowsNothingBeforeItIsWhole() throws IOException {
    Path models = machine.resolve("models");
    hub.faults.add(new Fault.Corrupt());
    assertThatThrownBy(() -> folder(models, ID)).hasMessageContaining("SHA-256");
    assertThat(models.resolve("org")).doesNotExist();
  }

  @Test
  void oneFileComesAloneAndOthersBesideIt() throws IOException {
    Path models = machine.resolve("models");
    RepositoryId id = RepositoryId.parse(ID, Optional.empty());
    hub.with("style.safetensors", "one").with("sub/word.safetensors", "two");
    PullResult style = puller(Optional.empty()).file(models, id, "style.safetensors");
    assertThat(style.place()).isEqualTo(models.resolve("org/tiny/style.safetensors"));
    assertThat(style.place()).hasContent("one");
    puller(Optional.empty()).file(models, id, "sub/word.safetensors");
    assertThat(paths(models))
        .contains("org/tiny/style.safetensors", "org/tiny/sub/word.safetensors");
    assertThat(puller(Optional.empty()).file(models, id, "style.safetensors").received()).isZero();
    Files.writeString(style.place(), "mine");
    assertThatThrownBy(() -> puller(Optional.empty()).file(models, id, "style.safetensors"))
        .hasMessageContaining("style.safetensors is not what the hub has");
  }

  @Test
  void oneFileInTheCacheHidesNoWholeModel() {
    RepositoryId id = RepositoryId.parse(ID, Optional.empty());
    hub.with("style.safetensors", "one");
    Path whole = pull(ID).place();
    PullResult style = puller(Optional.empty()).file(cache, id, "style.safetensors");
    assertThat(style.place()).isEqualTo(whole.resolve("style.safetensors")).hasContent("one");
    assertThat(cache.find(ID, Optional.empty())).contains(whole);
  }

  @Test
  void fileThatIsNotThereIsNamedBesideThoseThatAre() {
    RepositoryId id = RepositoryId.parse(ID, Optional.empty());
    assertThatThrownBy(() -> puller(Optional.empty()).file(cache, id, "x.safetensors"))
        .isInstanceOfSatisfying(HubException.class, e -> assertThat(e.isRefused()).isTrue())
        .hasMessage("org/tiny has no file x.safetensors; of safetensors it has " + UNET);
  }

  private PullResult folder(Path models, String name) {
    RepositoryId id = RepositoryId.parse(name, Optional.empty());
    return puller(Optional.empty()).into(models, id, Optional.empty());
  }
}

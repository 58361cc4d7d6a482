package farm.darkroom.worker.render.inventory;

import static org.assertj.core.api.Assertions.assertThat;

import farm.darkroom.worker.hub.HubCache;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;
import java.util.Optional;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class ModelFoldersTest {
  private static final String COMMIT = "0123456789abcdef0123456789abcdef01234567";

  @TempDir private Path machine;
  private ModelFolders folders;

  @BeforeEach
  void machine() throws IOException {
    snapshot("models/mine");
    snapshot("models/org/theirs");
    Files.createDirectories(machine.resolve("models/no-model"));
    snapshot("home/worker/demo-model/base");
    Path hub = machine.resolve("hub/models--org--hubbed");
    snapshot("hub/models--org--hubbed/snapshots/" + COMMIT);
    Files.createDirectories(hub.resolve("refs"));
    Files.writeString(hub.resolve("refs/main"), COMMIT);
    folders =
        new ModelFolders(
            Optional.of(machine.resolve("models")),
            Optional.of(machine.resolve("home")),
            new HubCache(machine.resolve("hub")));
  }

  @Test
  void namesAreAllThatCanBeFound() {
    assertThat(folders.names()).containsExactly("demo", "mine", "org/hubbed", "org/theirs");
    assertThat(folders.names()).allMatch(name -> folders.find(name).isPresent());
  }

  @Test
  void folderOfModelsMayBeTheWorkingDirectory() {
    ModelFolders here =
        new ModelFolders(
            Optional.of(Path.of(".")), Optional.empty(), new HubCache(Path.of("no-hub")));
    assertThat(here.find("demo-model/base").orElseThrow()).exists();
    assertThat(here.find("demo-model")).isEmpty();
    assertThat(here.names()).contains("demo-model/base", "demo-model/refiner");
    assertThat(here.find("pom.xml", FileKind.LORA)).isPresent();
    assertThat(here.find("../worker/demo-model/base", FileKind.LORA)).isEmpty();
  }

  @Test
  void whatIsNoModelIsKnownByItsPlace() throws IOException {
    Path file = file("models/plain.safetensors");
    assertThat(folders.mistaken("plain")).contains(new WrongKind(file));
    assertThat(folders.mistaken("no-model"))
        .contains(new WrongKind(machine.resolve("models/no-model")));
    assertThat(folders.mistaken("nowhere")).isEmpty();
  }

  @Test
  void fileIsFoundByItsNameInTheFolderOfItsKindOrByItsPath() throws IOException {
    Path plain = file("models/plain.safetensors");
    Path style = file("models/loras/style.safetensors");
    Path word = file("models/embeddings/style.safetensors");
    Path saved = file("models/saved/pytorch_lora_weights.safetensors");
    Path hubbed =
        file("hub/models--org--hubbed/snapshots/" + COMMIT + "/pytorch_lora_weights.safetensors");
    assertThat(folders.find("plain", FileKind.LORA)).contains(plain);
    assertThat(folders.find("plain.safetensors", FileKind.EMBEDDING)).contains(plain);
    assertThat(folders.find("style", FileKind.LORA)).contains(style);
    file("models/style/whole-model.safetensors");
    assertThat(folders.find("style", FileKind.LORA)).contains(style);
    assertThat(folders.find("style", FileKind.EMBEDDING)).contains(word);
    assertThat(folders.find("saved", FileKind.LORA)).contains(saved);
    assertThat(folders.find("org/hubbed@main", FileKind.LORA)).contains(hubbed);
    assertThat(folders.find(plain.toAbsolutePath().toString(), FileKind.LORA)).contains(plain);
    assertThat(folders.find("pom.xml", FileKind.LORA)).contains(Path.of("pom.xml"));
    assertThat(folders.find("../home/worker", FileKind.LORA)).isEmpty();
    assertThat(folders.find("none", FileKind.LORA)).isEmpty();
  }

  @Test
  void fileOfAHubRepositoryIsFoundUnderItsId() throws IOException {
    String snapshot = "hub/models--org--hubbed/snapshots/" + COMMIT;
    Path deep = file(snapshot + "/sdxl/style.safetensors");
    assertThat(folders.find("org/hubbed/sdxl/style", FileKind.LORA)).contains(deep);
    assertThat(folders.find("org/hubbed/sdxl/style.safetensors@main", FileKind.LORA))
        .contains(deep);
    file("hub/models--org--hubbed/outside.safetensors");
    assertThat(folders.find("org/hubbed/../../outside", FileKind.LORA)).isEmpty();
  }

  /** diffusers' load_lora_weights, told of a folder alone, does the same. */
  @Test
  void loraIsFoundAsTheOnlyFileOfItsFolder() throws IOException {
    Path only = file("models/pixel/pixel-art-xl.safetensors");
    file("models/pixel/README.md");
    assertThat(folders.find("pixel", FileKind.LORA)).contains(only);
    assertThat(folders.find("pixel", FileKind.EMBEDDING)).isEmpty();
    file("models/pixel/other.safetensors");
    assertThat(folders.find("pixel", FileKind.LORA)).isEmpty();
    Path defaultFileName = file("models/pixel/pytorch_lora_weights.safetensors");
    assertThat(folders.find("pixel", FileKind.LORA)).contains(defaultFileName);
  }

  private Path file(String name) throws IOException {
    Path file = machine.resolve(name);
    Files.createDirectories(file.getParent());
    return Files.writeString(file, "weights");
  }

  @Test
  void folderUnderModelsGoesBeforeTheBundledOne() throws IOException {
    assertThat(folders.find("demo")).contains(machine.resolve("home/worker/demo-model/base"));
    snapshot("models/demo");
    assertThat(folders.find("demo")).contains(machine.resolve("models/demo"));
  }

  @Test
  void hubRevisionIsABranchACommitOrItsBeginning() {
    Path snapshot = machine.resolve("hub/models--org--hubbed/snapshots/" + COMMIT);
    assertThat(folders.find("org/hubbed")).contains(snapshot);
    assertThat(folders.find("org/hubbed@main")).contains(snapshot);
    assertThat(folders.find("org/hubbed@" + COMMIT)).contains(snapshot);
    assertThat(folders.find("org/hubbed@0123456")).contains(snapshot);
    assertThat(folders.find("org/hubbed@fffffff")).isEmpty();
    assertThat(folders.find("org/hubbed@../../../models--org--hubbed/refs/main")).isEmpty();
  }

  @Test
  void hubModelsOfOtherRevisionsAreNamedWithThem() throws IOException {
    Path refs = machine.resolve("hub/models--org--hubbed/refs");
    Files.createDirectories(refs.resolve("pr"));
    Files.move(refs.resolve("main"), refs.resolve("pr/7"));
    assertThat(folders.names()).contains("org/hubbed@pr/7").doesNotContain("org/hubbed");
    Files.delete(refs.resolve("pr/7"));
    assertThat(folders.names()).contains("org/hubbed@" + COMMIT);
    assertThat(folders.names()).allMatch(name -> folders.find(name).isPresent());
  }

  @Test
  void pathIsTakenAsItIs() {
    assertThat(folders.find(machine.resolve("models/mine").toString())).isPresent();
    assertThat(folders.find(machine.resolve("models/no-model").toString())).isEmpty();
  }

  @Test
  void nameDoesNotClimbOutOfTheModelsFolder() throws IOException {
    snapshot("outside");
    assertThat(folders.find("mine/../../outside")).isEmpty();
  }

  @Test
  void cacheIsWhereTheVariablesOfTheHubSay() {
    Path home = Path.of("/home/x");
    assertThat(HubCache.of(Map.of(), home).folder())
        .isEqualTo(home.resolve(".cache/huggingface/hub"));
    assertThat(HubCache.of(Map.of("HF_HOME", "/hf"), home).folder()).isEqualTo(Path.of("/hf/hub"));
    assertThat(HubCache.of(Map.of("HF_HUB_CACHE", "/c", "HF_HOME", "/hf"), home).folder())
        .isEqualTo(Path.of("/c"));
  }

  private void snapshot(String folder) throws IOException {
    Files.createDirectories(machine.resolve(folder));
    Files.writeString(machine.resolve(folder).resolve("model_index.json"), "{}");
  }
}

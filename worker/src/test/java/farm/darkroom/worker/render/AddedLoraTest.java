package farm.darkroom.worker.render;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.tuple;

import farm.darkroom.common.FailureKind;
import farm.darkroom.common.FarmException;
import farm.darkroom.common.Sha256;
import farm.darkroom.common.job.RenderJob;
import farm.darkroom.common.job.WeightFile;
import farm.darkroom.common.store.InMemoryResultStore;
import farm.darkroom.common.store.StoreKeys;
import farm.darkroom.worker.port.Output;
import farm.darkroom.worker.port.RenderPlan;
import farm.darkroom.worker.port.RenderResult;
import farm.darkroom.worker.port.Residency;
import farm.darkroom.worker.render.engine.TestSettings;
import farm.darkroom.worker.render.input.FileCache;
import farm.darkroom.worker.render.input.Inputs;
import farm.darkroom.worker.render.input.LocalInputs;
import farm.darkroom.worker.render.input.StoredInputs;
import farm.darkroom.worker.render.inventory.TestFolders;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Clock;
import java.util.Arrays;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** LoRA files in jobs, beside what GoldenJobsTest holds against diffusers. */
class AddedLoraTest {
  private static final Path GOLDENS = Path.of("src/test/resources/goldens/additions");

  @TempDir Path models;
  private SdxlRenderer renderer;

  @BeforeEach
  void open() throws IOException {
    Files.createDirectories(models.resolve("loras"));
    Files.copy(
        GOLDENS.resolve("kohya_text.safetensors"), models.resolve("loras/kohya.safetensors"));
    renderer = renderer(new LocalInputs());
  }

  private SdxlRenderer renderer(Inputs inputs) {
    return TestRenderers.of(TestSettings.ONE_THREAD, TestFolders.with(models), inputs);
  }

  @AfterEach
  void close() {
    renderer.close();
  }

  @Test
  void latentsAreTheSameUnderEveryPlan() {
    RenderJob job = job("kohya");
    byte[] resident = latents(job, Residency.RESIDENT);
    assertThat(latents(job, Residency.MODEL)).isEqualTo(resident);
    assertThat(latents(job, Residency.SEQUENTIAL)).isEqualTo(resident);
  }

  @Test
  void networksComeAndGoBetweenJobs() {
    byte[] plain = latents(job(), Residency.RESIDENT);
    byte[] added = latents(job("kohya"), Residency.RESIDENT);
    String other = GOLDENS.resolve("peft.safetensors").toAbsolutePath().toString();
    assertThat(added).isNotEqualTo(plain);
    assertThat(latents(job("kohya", other), Residency.RESIDENT)).isNotEqualTo(added);
    assertThat(latents(job(), Residency.RESIDENT)).isEqualTo(plain);
    assertThat(latents(job("loras/kohya.safetensors"), Residency.RESIDENT)).isEqualTo(added);
  }

  @Test
  void recordHoldsTheHashOfEveryFile() throws IOException {
    RenderResult result = render(job("kohya"), Residency.RESIDENT);
    assertThat(result.details().weights())
        .filteredOn(file -> file.model().equals("kohya"))
        .singleElement()
        .extracting(WeightFile::path, WeightFile::sha256)
        .containsExactly(
            "kohya.safetensors",
            Sha256.hex(Files.readAllBytes(models.resolve("loras/kohya.safetensors"))));
  }

  @Test
  void fileWrittenAnewIsReadAnew() throws IOException {
    byte[] before = latents(job("kohya"), Residency.RESIDENT);
    Files.write(
        models.resolve("loras/kohya.safetensors"),
        Files.readAllBytes(GOLDENS.resolve("peft.safetensors")));
    assertThat(latents(job("kohya"), Residency.RESIDENT)).isNotEqualTo(before);
  }

  @Test
  void missingFileIsMissingLikeAModel() {
    assertThat(renderer.unmetRequirement(job("kohya"))).isEmpty();
    assertThat(renderer.unmetRequirement(job("kohya", "nowhere")).orElseThrow())
        .startsWith("lora nowhere is not installed here");
  }

  @Test
  void brokenLoraIsNoBrokenEmbedding() throws IOException {
    Files.createDirectories(models.resolve("embeddings"));
    Files.writeString(models.resolve("loras/twin.safetensors"), "no weights");
    Files.copy(
        Path.of("src/test/resources/goldens/text/inversion_1.safetensors"),
        models.resolve("embeddings/twin.safetensors"));
    RenderJob lora = job("twin");
    assertThatThrownBy(() -> render(lora, Residency.RESIDENT))
        .hasMessageContaining("loras/twin.safetensors");
    assertThat(renderer.unmetRequirement(lora).orElseThrow())
        .startsWith("lora twin cannot be used here");
    String embedding =
        "{\"model\": \"demo\", \"prompt\": \"x\", \"embeddings\": [{\"path\": \"twin\"}]}";
    assertThat(
            renderer.unmetRequirement(
                RenderJob.fromJson(embedding.getBytes(StandardCharsets.UTF_8))))
        .isEmpty();
  }

  @Test
  void networkOfAnotherModelIsTheJobsFault() {
    String other = GOLDENS.resolve("latents.safetensors").toAbsolutePath().toString();
    assertThatThrownBy(() -> render(job(other), Residency.RESIDENT))
        .isInstanceOfSatisfying(
            FarmException.class, e -> assertThat(e.kind()).isEqualTo(FailureKind.INVALID_JOB))
        .hasMessageContaining("latents.safetensors does not fit this model");
    assertThat(renderer.unmetRequirement(job(other))).isEmpty();
  }

  @Test
  void fileOfTheStoreIsThatFile() throws IOException {
    byte[] named = latents(job("kohya"), Residency.RESIDENT);
    InMemoryResultStore store = new InMemoryResultStore();
    String whole = stored(store, Files.readAllBytes(models.resolve("loras/kohya.safetensors")));
    String none = stored(store, "no LoRA at all".getBytes(StandardCharsets.UTF_8));
    renderer.close();
    FileCache cache = new FileCache(models.resolve("cache"), 1 << 20, Clock.systemUTC());
    renderer = renderer(new StoredInputs("renders", store, cache));
    assertThat(renderer.unmetRequirement(job(whole))).isEmpty();
    assertThat(latents(job(whole), Residency.RESIDENT)).isEqualTo(named);
    assertThat(render(job(whole), Residency.RESIDENT).details().weights())
        .extracting(WeightFile::model, WeightFile::sha256)
        .contains(tuple(whole, whole.substring("sha256:".length())));
    assertThatThrownBy(() -> render(job(none), Residency.RESIDENT))
        .isInstanceOfSatisfying(
            FarmException.class, e -> assertThat(e.kind()).isEqualTo(FailureKind.INVALID_JOB))
        .hasMessageContaining("not a safetensors file");
  }

  private static String stored(InMemoryResultStore store, byte[] bytes) {
    String sha256 = Sha256.hex(bytes);
    store.putIfAbsent(StoreKeys.input(sha256), bytes, "application/octet-stream");
    return "sha256:" + sha256;
  }

  @Test
  void fileThatIsCutOffIsTheWorkersFault() throws IOException {
    byte[] whole = Files.readAllBytes(GOLDENS.resolve("peft.safetensors"));
    Files.write(models.resolve("half.safetensors"), Arrays.copyOf(whole, 9_000));
    assertThatThrownBy(() -> render(job("half"), Residency.RESIDENT))
        .isInstanceOfSatisfying(
            FarmException.class, e -> assertThat(e.kind()).isEqualTo(FailureKind.WORKER_UNFIT))
        .hasMessageContaining("half.safetensors");
    assertThat(renderer.unmetRequirement(job("half")).orElseThrow())
        .startsWith("lora half cannot be used here");
    assertThat(renderer.unmetRequirement(job())).isEmpty();
  }

  private byte[] latents(RenderJob job, Residency residency) {
    return ((Output.Latents) render(job, residency).outputs().get(0)).safetensors();
  }

  private RenderResult render(RenderJob job, Residency residency) {
    return renderer.render(job, RenderPlan.of(residency), (k, n) -> {});
  }

  private static RenderJob job(String... loras) {
    List<String> added =
        List.of(loras).stream().map(path -> "{\"path\": \"" + path + "\"}").toList();
    String json =
        "{\"model\": \"demo\", \"prompt\": \"a red ball\", \"seed\": 1, \"num_inference_steps\": 2,"
            + " \"height\": 64, \"width\": 64, \"output_type\": \"latent\", \"loras\": "
            + added
            + "}";
    return RenderJob.fromJson(json.getBytes(StandardCharsets.UTF_8));
  }
}

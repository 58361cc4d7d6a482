package farm.darkroom.worker.render;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.tuple;

import farm.darkroom.common.FailureKind;
import farm.darkroom.common.FarmException;
import farm.darkroom.common.job.RenderJob;
import farm.darkroom.common.job.WeightFile;
import farm.darkroom.sdxl.unet.T2iAdapterConfig;
import farm.darkroom.worker.port.JobPeers;
import farm.darkroom.worker.port.Output;
import farm.darkroom.worker.port.RenderPlan;
import farm.darkroom.worker.port.RenderRequest;
import farm.darkroom.worker.port.RenderResult;
import farm.darkroom.worker.port.Residency;
import farm.darkroom.worker.render.engine.TestSettings;
import farm.darkroom.worker.render.input.LocalInputs;
import farm.darkroom.worker.render.inventory.InstalledModel;
import farm.darkroom.worker.render.inventory.ModelFolders;
import farm.darkroom.worker.render.inventory.ModelInventory;
import farm.darkroom.worker.render.inventory.T2iAdapterFolder;
import farm.darkroom.worker.render.inventory.TestFolders;
import farm.darkroom.worker.render.plan.Planning;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** T2I-Adapters in jobs, beside what GoldenJobsTest holds against diffusers. */
class AddedT2iAdapterTest {
  private static final String EDGES =
      Path.of("src/test/resources/goldens/additions/edges.png").toAbsolutePath().toString();
  private static final String WEIGHTS = "diffusion_pytorch_model.safetensors";

  @TempDir static Path models;
  private static ModelFolders folders;
  private static SdxlRenderer renderer;

  @BeforeAll
  static void open() throws IOException {
    T2iAdapterFolder.write(models);
    changed("light", "full_adapter_xl", "light_adapter");
    changed("wide", "\"num_res_blocks\": 2", "\"num_res_blocks\": 3");
    T2iAdapterFolder.write(
        models.resolve("large"), new T2iAdapterConfig(3, List.of(48, 96, 112, 112), 1, 8));
    folders = TestFolders.with(models);
    renderer = TestRenderers.of(TestSettings.ONE_THREAD, folders, new LocalInputs());
  }

  private static void changed(String name, String found, String made) throws IOException {
    Path folder = Files.createDirectories(models.resolve(name));
    Files.copy(models.resolve("depth").resolve(WEIGHTS), folder.resolve(WEIGHTS));
    String config = Files.readString(models.resolve("depth/config.json"));
    Files.writeString(folder.resolve("config.json"), config.replace(found, made));
  }

  @AfterAll
  static void close() {
    renderer.close();
  }

  @Test
  void latentsAreTheSameUnderEveryPlan() {
    RenderJob job = job(adapters("depth", "sketch", "depth"));
    RenderResult resident = render(job, Residency.RESIDENT);
    assertThat(latents(render(job, Residency.MODEL))).isEqualTo(latents(resident));
    assertThat(latents(render(job, Residency.SEQUENTIAL))).isEqualTo(latents(resident));
    assertThat(resident.details().weights())
        .extracting(WeightFile::model, WeightFile::path)
        .contains(tuple("depth", WEIGHTS), tuple("sketch", WEIGHTS));
  }

  @Test
  void aSteeredPictureGoesAlone() {
    RenderJob job = job(adapters("depth") + ", 'num_images_per_prompt': 2");
    RenderPlan plan = RenderPlan.of(Residency.RESIDENT);
    RenderResult together =
        renderer
            .renderTogether(List.of(new RenderRequest(job, (k, n) -> {})), plan, 2)
            .get(0)
            .orThrow();
    assertThat(together.details().microBatch()).isEqualTo(1);
    assertThat(together.outputs()).hasSize(2);
    assertThat(JobPeers.peers(job, job)).isFalse();
    assertThat(planning().batchSize(job, plan, 8)).isEqualTo(1);
  }

  @Test
  void thePlanCountsTheAdapter() throws IOException {
    long plain = peak(job("'loras': []"));
    long one = peak(job(adapters("depth")));
    long weights = Files.size(models.resolve("depth").resolve(WEIGHTS));
    assertThat(one - plain).isBetween((long) (0.9 * weights), 3 * weights);
    assertThat(peak(job(adapters("depth", "sketch"))) - one).isPositive();
    assertThatThrownBy(() -> peak(job(adapters("nowhere"))))
        .hasMessage("t2i_adapter nowhere is not installed here");
  }

  @Test
  void adaptersAreListedAndChecked() {
    ModelInventory inventory = new ModelInventory(folders);
    assertThat(inventory.models())
        .extracting(InstalledModel::name, InstalledModel::kind)
        .contains(tuple("depth", InstalledModel.Kind.T2I_ADAPTER));
    assertThat(inventory.problems("depth")).contains(List.of());
    assertThat(inventory.problems("light").orElseThrow().get(0))
        .endsWith("adapter_type is \"light_adapter\"; supported: full_adapter_xl, which is SDXL's");
    assertThat(inventory.problems("wide").orElseThrow().get(0))
        .contains("adapter.body.0.resnets.2.block1.weight");
  }

  @Test
  void aMissingAdapterIsMissingLikeAModel() {
    assertThat(renderer.unmetRequirement(job(adapters("depth")))).isEmpty();
    assertThat(renderer.unmetRequirement(job(adapters("nowhere"))))
        .contains("t2i_adapter nowhere is not installed here; it is a folder with config.json");
    assertThat(renderer.unmetRequirement(job(adapters(EDGES))).orElseThrow())
        .endsWith("edges.png is no T2I-Adapter; a folder with config.json and weights is expected");
  }

  @Test
  void anAdapterThatIsNotSoundIsTheWorkersFault() {
    assertThatThrownBy(() -> render(job(adapters("wide"))))
        .isInstanceOfSatisfying(
            FarmException.class, e -> assertThat(e.kind()).isEqualTo(FailureKind.WORKER_UNFIT))
        .hasMessageContaining("adapter.body.0.resnets.2.block1.weight");
    assertThat(renderer.unmetRequirement(job(adapters("wide"))).orElseThrow())
        .startsWith("t2i_adapter wide cannot be used here");
  }

  @Test
  void anAdapterForLargerFeaturesIsTheJobsFault() {
    assertThatThrownBy(() -> render(job(adapters("large"))))
        .isInstanceOfSatisfying(
            FarmException.class, e -> assertThat(e.kind()).isEqualTo(FailureKind.INVALID_JOB))
        .hasMessageContaining(
            "downscale_factor is 8; supported: 16, since the vae makes each side 8 times smaller");
  }

  private static Planning planning() {
    return new Planning(TestSettings.ONE_THREAD, folders, new LocalInputs());
  }

  private static long peak(RenderJob job) {
    return planning().table(job).rows().get(0).peakBytes();
  }

  private static String adapters(String... names) {
    List<String> each =
        List.of(names).stream()
            .map(name -> "{'model': '%s', 'image': '%s'}".formatted(name, EDGES))
            .toList();
    return "'t2i_adapter': [" + String.join(", ", each) + "]";
  }

  private static byte[] latents(RenderResult result) {
    return ((Output.Latents) result.outputs().get(0)).safetensors();
  }

  private static RenderResult render(RenderJob job) {
    return render(job, Residency.RESIDENT);
  }

  private static RenderResult render(RenderJob job, Residency residency) {
    return renderer.render(job, RenderPlan.of(residency), (k, n) -> {});
  }

  private static RenderJob job(String fields) {
    String json =
        ("{'model': 'demo', 'prompt': 'a red ball', 'seed': 1, 'num_inference_steps': 2, 'height':"
                + " 64, 'width': 64, 'output_type': 'latent', %s}")
            .formatted(fields);
    return RenderJob.fromJson(json.replace('\'', '"').getBytes(StandardCharsets.UTF_8));
  }
}

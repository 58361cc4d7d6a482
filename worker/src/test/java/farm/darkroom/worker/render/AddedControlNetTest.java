package farm.darkroom.worker.render;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.tuple;

import farm.darkroom.common.FailureKind;
import farm.darkroom.common.FarmException;
import farm.darkroom.common.job.RenderJob;
import farm.darkroom.common.job.WeightFile;
import farm.darkroom.sdxl.singlefile.LdmWriter;
import farm.darkroom.worker.port.Output;
import farm.darkroom.worker.port.RenderPlan;
import farm.darkroom.worker.port.RenderResult;
import farm.darkroom.worker.port.Residency;
import farm.darkroom.worker.render.engine.TestSettings;
import farm.darkroom.worker.render.input.LocalInputs;
import farm.darkroom.worker.render.inventory.ControlNetFolder;
import farm.darkroom.worker.render.inventory.InstalledModel;
import farm.darkroom.worker.render.inventory.ModelFolders;
import farm.darkroom.worker.render.inventory.ModelInventory;
import farm.darkroom.worker.render.inventory.TestFolders;
import farm.darkroom.worker.render.plan.PlanTable;
import farm.darkroom.worker.render.plan.Planning;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Collections;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** ControlNets and embeddings in jobs, beside what GoldenJobsTest holds against diffusers. */
class AddedControlNetTest {
  private static final Path GOLDENS = Path.of("src/test/resources/goldens").toAbsolutePath();
  private static final String EDGES = GOLDENS.resolve("additions/edges.png").toString();
  private static final String THING = GOLDENS.resolve("text/inversion_3.safetensors").toString();

  @TempDir static Path models;
  private static ModelFolders folders;
  private static SdxlRenderer renderer;

  @BeforeAll
  static void open() throws IOException {
    ControlNetFolder.write(models.resolve("edges"), Map.of());
    ControlNetFolder.write(models.resolve("set/controlnet"), Map.of());
    ControlNetFolder.writeUnion(models.resolve("union"));
    ControlNetFolder.write(models.resolve("broken"), Map.of("in_channels", 9));
    Path weights = models.resolve("edges/diffusion_pytorch_model.safetensors");
    Files.copy(weights, models.resolve("one.safetensors"));
    LdmWriter.writeControlNet(weights, models.resolve("ldm.safetensors"), "control_model.");
    LdmWriter.writeControlNet(weights, models.resolve("bare.safetensors"), "");
    for (String file : List.of("one", "ldm", "bare")) {
      Files.writeString(
          models.resolve(file + ".json"),
          """
          {"controlnet": {"attention_head_dim": [3, 6, 7], "norm_num_groups": 16,
                          "addition_time_embed_dim": 32}}
          """);
    }
    folders = TestFolders.with(models);
    renderer = TestRenderers.of(TestSettings.ONE_THREAD, folders, new LocalInputs());
  }

  @AfterAll
  static void close() {
    renderer.close();
  }

  @Test
  void latentsAreTheSameUnderEveryPlan() {
    RenderJob job = job(control("edges") + ", " + embedding("'token': 'ball'"));
    byte[] resident = latents(render(job, Residency.RESIDENT));
    assertThat(latents(render(job, Residency.MODEL))).isEqualTo(resident);
    assertThat(latents(render(job, Residency.SEQUENTIAL))).isEqualTo(resident);
  }

  @Test
  void unionsLatentsAreTheSameUnderEveryPlanAndThoseOfItsModes() {
    RenderJob job = job(union(1, 3));
    byte[] resident = latents(render(job, Residency.RESIDENT));
    assertThat(latents(render(job, Residency.SEQUENTIAL))).isEqualTo(resident);
    assertThat(latents(render(job(union(1, 2))))).isNotEqualTo(resident);
  }

  @Test
  void planCountsEachPictureOfAUnion() {
    Planning planning = new Planning(TestSettings.ONE_THREAD, folders, new LocalInputs());
    long one = planning.table(job(union(1))).rows().get(0).peakBytes();
    assertThat(planning.table(job(union(1, 3, 3))).rows().get(0).peakBytes()).isGreaterThan(one);
  }

  @ParameterizedTest
  @ValueSource(strings = {"one", "one.safetensors", "ldm", "bare"})
  void netInOneFileIsTheSame(String file) throws IOException {
    byte[] folder = latents(render(job(control("edges"))));
    assertThat(renderer.unmetRequirement(job(control(file)))).isEmpty();
    RenderResult result = render(job(control(file)));
    assertThat(latents(result)).isEqualTo(folder);
    String name = file.replace(".safetensors", "") + ".safetensors";
    assertThat(result.details().weights())
        .extracting(WeightFile::model, WeightFile::path, WeightFile::bytes)
        .contains(tuple(file, name, Files.size(models.resolve(name))));
    Planning planning = new Planning(TestSettings.ONE_THREAD, folders, new LocalInputs());
    assertThat(planning.table(job(control(file))).rows().get(0).peakBytes())
        .isEqualTo(planning.table(job(control("edges"))).rows().get(0).peakBytes());
  }

  @Test
  void netsInFilesAreListedAndChecked() {
    ModelInventory inventory = new ModelInventory(folders);
    assertThat(inventory.models())
        .filteredOn(InstalledModel::singleFile)
        .extracting(InstalledModel::name, InstalledModel::kind)
        .contains(
            tuple("one.safetensors", InstalledModel.Kind.CONTROLNET),
            tuple("ldm.safetensors", InstalledModel.Kind.CONTROLNET));
    assertThat(inventory.problems("one")).contains(List.of());
    assertThat(inventory.problems("ldm")).contains(List.of());
  }

  @Test
  void recordHoldsTheHashesOfWhatWasAdded() {
    RenderResult result = render(job(control("set") + ", " + embedding("'token': 'ball'")));
    assertThat(result.details().weights())
        .extracting(WeightFile::model, WeightFile::path)
        .contains(
            tuple("set", "diffusion_pytorch_model.safetensors"),
            tuple(THING, "inversion_3.safetensors"));
  }

  @Test
  void controlledPictureHasTheSizeOfItsControlPicture() {
    String sizeless =
        "{'model': 'demo', 'prompt': 'a ball', 'seed': 1, 'num_inference_steps': 1, %s}";
    Output output = render(read(sizeless.formatted(control("edges")))).outputs().get(0);
    assertThat(((Output.Image) output).picture().width()).isEqualTo(88);
    assertThat(((Output.Image) output).picture().height()).isEqualTo(72);
  }

  @Test
  void missingNetIsMissingLikeAModel() {
    assertThat(renderer.unmetRequirement(job(control("edges")))).isEmpty();
    assertThat(renderer.unmetRequirement(job(control("nowhere"))).orElseThrow())
        .startsWith("controlnet nowhere is not installed here");
    assertThat(renderer.unmetRequirement(job("'embeddings': [{'path': 'nowhere'}]")).orElseThrow())
        .startsWith("embedding nowhere is not installed here");
  }

  @Test
  void planCountsTheNetsWeights() throws IOException {
    Planning planning = new Planning(TestSettings.ONE_THREAD, folders, new LocalInputs());
    PlanTable plain = planning.table(job("'loras': []"));
    PlanTable steered = planning.table(job(control("edges")));
    // float32 of a float16 file
    long weights = 2 * Files.size(models.resolve("edges/diffusion_pytorch_model.safetensors"));
    assertThat(steered.rows().get(0).plan().residency()).isEqualTo(Residency.RESIDENT);
    assertThat(steered.rows().get(0).peakBytes() - plain.rows().get(0).peakBytes())
        .isBetween((long) (0.9 * weights), (long) (2.5 * weights));
  }

  @Test
  void netThatIsNotSoundIsTheWorkersFault() {
    assertThatThrownBy(() -> render(job(control("broken"))))
        .isInstanceOfSatisfying(
            FarmException.class, e -> assertThat(e.kind()).isEqualTo(FailureKind.WORKER_UNFIT))
        .hasMessageContaining("controlnet")
        .hasMessageContaining("conv_in.weight");
    assertThat(renderer.unmetRequirement(job(control("broken"))).orElseThrow())
        .startsWith("controlnet broken cannot be used here");
    assertThat(renderer.unmetRequirement(job(control("edges")))).isEmpty();
  }

  @Test
  void netOfAnotherModelIsTheJobsFault() {
    String refined = "{'model': 'demo-refiner', 'prompt': 'a ball', 'seed': 1, %s}";
    assertThatThrownBy(() -> render(read(refined.formatted(control("edges")))))
        .isInstanceOfSatisfying(
            FarmException.class, e -> assertThat(e.kind()).isEqualTo(FailureKind.INVALID_JOB))
        .hasMessageContaining("edges/config.json: this ControlNet is for cross_attention_dim 160")
        .hasMessageContaining("the unet has cross_attention_dim 96");
  }

  @Test
  void embeddingThatIsNoneIsTheJobsFault() {
    String latents = GOLDENS.resolve("additions/latents.safetensors").toString();
    assertThatThrownBy(() -> render(job("'embeddings': [{'path': '" + latents + "'}]")))
        .isInstanceOfSatisfying(
            FarmException.class, e -> assertThat(e.kind()).isEqualTo(FailureKind.INVALID_JOB))
        .hasMessageContaining("an SDXL embedding has clip_l and clip_g");
  }

  @Test
  void tokenThatIsTakenIsTheJobsFault() {
    assertThatThrownBy(() -> render(job(embedding("'token': 'red</w>'"))))
        .isInstanceOfSatisfying(
            FarmException.class, e -> assertThat(e.kind()).isEqualTo(FailureKind.INVALID_JOB))
        .hasMessageContaining("choose another token");
  }

  @Test
  void wordIsTheFilesNameUnlessTheJobSaysAnother() throws IOException {
    Files.createDirectories(models.resolve("embeddings"));
    Files.copy(Path.of(THING), models.resolve("embeddings/ball.safetensors"));
    byte[] named = latents(render(job("'embeddings': [{'path': 'ball'}]")));
    assertThat(named).isEqualTo(latents(render(job(embedding("'token': 'ball'")))));
    assertThat(named).isNotEqualTo(latents(render(job(embedding("'token': 'cube'")))));
  }

  private static String control(String model) {
    return "'controlnet': [{'model': '%s', 'image': '%s'}]".formatted(model, EDGES);
  }

  private static String union(Integer... modes) {
    List<String> images = Collections.nCopies(modes.length, "'" + EDGES + "'");
    return "'controlnet': [{'model': 'union', 'image': %s, 'control_mode': %s}]"
        .formatted(images, List.of(modes));
  }

  private static String embedding(String token) {
    return "'embeddings': [{'path': '%s', %s}]".formatted(THING, token);
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
    return read(
        ("{'model': 'demo', 'prompt': 'a red ball', 'seed': 1, 'num_inference_steps': 2, 'height':"
                + " 64, 'width': 64, 'output_type': 'latent', %s}")
            .formatted(fields));
  }

  private static RenderJob read(String json) {
    return RenderJob.fromJson(json.replace('\'', '"').getBytes(StandardCharsets.UTF_8));
  }
}

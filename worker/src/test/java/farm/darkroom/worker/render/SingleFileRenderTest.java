package farm.darkroom.worker.render;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import farm.darkroom.common.FailureKind;
import farm.darkroom.common.FarmException;
import farm.darkroom.common.Sha256;
import farm.darkroom.common.job.RenderJob;
import farm.darkroom.common.job.WeightFile;
import farm.darkroom.sdxl.singlefile.LdmWriter;
import farm.darkroom.worker.port.Output;
import farm.darkroom.worker.port.RenderResult;
import farm.darkroom.worker.port.Residency;
import farm.darkroom.worker.render.engine.EngineSettings;
import farm.darkroom.worker.render.input.LocalInputs;
import farm.darkroom.worker.render.inventory.TestFolders;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** The demo models as single files: the same pictures, to the last bit. */
class SingleFileRenderTest {
  @TempDir static Path models;
  private static SdxlRenderer renderer;

  @BeforeAll
  static void writeTheDemoModelsAsSingleFiles() throws IOException {
    LdmWriter.write(Path.of("demo-model/base"), models.resolve("mono.safetensors"));
    Files.writeString(
        models.resolve("mono.json"),
        """
        {"unet": {"attention_head_dim": [3, 6, 7], "norm_num_groups": 16, "sample_size": 16},
         "vae": {"norm_num_groups": 8, "scaling_factor": 0.82396, "sample_size": 128},
         "text_encoder": {"num_attention_heads": 4}, "text_encoder_2": {"num_attention_heads": 4}}
        """);
    LdmWriter.write(Path.of("demo-model/refiner"), models.resolve("fine.safetensors"));
    Files.writeString(
        models.resolve("fine.json"),
        """
        {"unet": {"attention_head_dim": [2, 3, 4, 4], "norm_num_groups": 16, "sample_size": 16},
         "vae": {"norm_num_groups": 8, "scaling_factor": 0.82396, "sample_size": 128},
         "text_encoder_2": {"num_attention_heads": 4}}
        """);
    Files.write(models.resolve("lora.safetensors"), new byte[16]);
    LdmWriter.writeVae(
        Path.of("demo-model/base/vae/diffusion_pytorch_model.safetensors"),
        models.resolve("own-vae.safetensors"));
    Files.writeString(
        models.resolve("own-vae.json"),
        "{\"vae\": {\"norm_num_groups\": 8, \"scaling_factor\": 0.82396}}");
    renderer = renderer(Optional.of(Path.of("..")));
  }

  private static SdxlRenderer renderer(Optional<Path> home) {
    return TestRenderers.of(
        EngineSettings.of(
            Optional.empty(),
            Optional.empty(),
            Optional.of(1),
            Optional.of(Residency.RESIDENT),
            Optional.empty()),
        TestFolders.of(Optional.of(models), home),
        new LocalInputs());
  }

  @AfterAll
  static void close() {
    renderer.close();
  }

  @Test
  void baseGivesTheSameLatentsUnderEveryName() {
    byte[] demo = latents("demo", "");
    assertThat(latents("mono", "")).isEqualTo(demo);
    assertThat(latents("mono.safetensors", "")).isEqualTo(demo);
    assertThat(latents(models.resolve("mono.safetensors").toString(), "")).isEqualTo(demo);
  }

  @Test
  void networksAreMergedIntoItToo() {
    Path goldens = Path.of("src/test/resources/goldens/additions").toAbsolutePath();
    String loras =
        ", 'loras': [{'path': '%1$s/kohya_text'}, {'path': '%1$s/kohya_original_blocks'}]"
            .formatted(goldens);
    byte[] demo = latents("demo", loras);
    assertThat(latents("mono", loras)).isEqualTo(demo).isNotEqualTo(latents("mono", ""));
  }

  @Test
  void pictureIsTheSameWithBaseAndRefiner() {
    String refined = ", 'refiner': {'model': '%s', 'denoising_start': 0.5}";
    Output demo = render("demo", refined.formatted("demo-refiner")).outputs().get(0);
    Output mono = render("mono", refined.formatted("fine")).outputs().get(0);
    assertThat(((Output.Image) mono).picture().rgb())
        .isEqualTo(((Output.Image) demo).picture().rgb());
  }

  @Test
  void vaeOfTheUsersOwnMayBeOneFile() {
    Output demo = render("demo", "").outputs().get(0);
    for (String vae : List.of("own-vae", "own-vae.safetensors", "mono")) {
      RenderResult other = render("demo", ", 'vae': '" + vae + "'");
      assertThat(((Output.Image) other.outputs().get(0)).picture().rgb())
          .as(vae)
          .isEqualTo(((Output.Image) demo).picture().rgb());
      assertThat(other.details().weights())
          .extracting(WeightFile::path)
          .contains(vae.startsWith("own") ? "own-vae.safetensors" : "mono.safetensors")
          .doesNotContain("vae/diffusion_pytorch_model.safetensors");
    }
  }

  @Test
  void fileWithoutVaeIsForJobsThatNameOne() throws IOException {
    Path elsewhere = Files.createDirectories(models.resolve("a/b"));
    LdmWriter.writeBare(Path.of("demo-model/base"), elsewhere.resolve("bare.safetensors"));
    Files.copy(models.resolve("mono.json"), elsewhere.resolve("bare.json"));
    String bare = elsewhere.resolve("bare.safetensors").toString();
    assertThatThrownBy(() -> render(bare, ""))
        .isInstanceOfSatisfying(
            FarmException.class, e -> assertThat(e.kind()).isEqualTo(FailureKind.INVALID_JOB))
        .hasMessageContaining("names one in \"vae\"");
    String own = ", 'vae': 'own-vae'";
    assertThat(renderer.unmetRequirement(job(bare, own))).isEmpty();
    Output demo = render("demo", "").outputs().get(0);
    assertThat(((Output.Image) render(bare, own).outputs().get(0)).picture().rgb())
        .isEqualTo(((Output.Image) demo).picture().rgb());
  }

  @Test
  void recordHoldsTheFileOnce() throws IOException {
    List<WeightFile> weights = render("mono", "").details().weights();
    assertThat(weights)
        .containsExactly(
            new WeightFile(
                "mono",
                "mono.safetensors",
                Sha256.hex(Files.readAllBytes(models.resolve("mono.safetensors"))),
                Files.size(models.resolve("mono.safetensors"))));
  }

  @Test
  void namesAreThoseOfCheckpointsAndOfNothingElse() {
    assertThat(renderer.models())
        .containsExactly("demo", "demo-refiner", "fine.safetensors", "mono.safetensors");
  }

  @Test
  void withoutAnyTokenizerItIsSaidHowToGetOne() {
    try (SdxlRenderer alone = renderer(Optional.empty())) {
      assertThatThrownBy(
              () -> alone.render(job("mono", ""), alone.plan(job("mono", "")), (k, n) -> {}))
          .isInstanceOf(FarmException.class)
          .hasMessageContaining("no tokenizer of 828 words is here, which a single file needs")
          .hasMessageContaining("darkroom model pull stabilityai/stable-diffusion-xl-base-1.0");
    }
  }

  private static byte[] latents(String model, String more) {
    Output output = render(model, ", 'output_type': 'latent'" + more).outputs().get(0);
    return ((Output.Latents) output).safetensors();
  }

  private static RenderResult render(String model, String more) {
    RenderJob job = job(model, more);
    return renderer.render(job, renderer.plan(job), (k, n) -> {});
  }

  private static RenderJob job(String model, String more) {
    String json =
        ("{'model': '%s', 'prompt': 'a red cube', 'seed': 5, 'num_inference_steps': 2,"
                + " 'height': 64, 'width': 64%s}")
            .formatted(model, more)
            .replace('\'', '"');
    return RenderJob.fromJson(json.getBytes(StandardCharsets.UTF_8));
  }
}

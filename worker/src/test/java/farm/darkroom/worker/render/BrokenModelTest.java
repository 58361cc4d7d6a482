package farm.darkroom.worker.render;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.InstanceOfAssertFactories.STRING;

import farm.darkroom.common.FailureKind;
import farm.darkroom.common.FarmException;
import farm.darkroom.common.job.RenderJob;
import farm.darkroom.sdxl.pipeline.SnapshotCheck;
import farm.darkroom.sdxl.snapshot.Snapshot;
import farm.darkroom.worker.port.Renderer;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.Optional;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** A snapshot that is not sound must not be used, and must not stop the worker. */
class BrokenModelTest {
  private static final Path DEMO = Path.of("demo-model/base");

  @TempDir private Path models;
  private Path broken;
  private Renderer renderer;

  @BeforeEach
  void copyTheDemoModel() throws IOException {
    broken = models.resolve("broken");
    try (Stream<Path> files = Files.walk(DEMO)) {
      files.forEach(file -> copy(file, broken.resolve(DEMO.relativize(file))));
    }
    renderer = TestRenderers.with(models);
  }

  @AfterEach
  void close() {
    renderer.close();
  }

  @Test
  void cutOffWeightsAreNamedAndTheModelIsPutAside() throws IOException {
    Path unet = broken.resolve("unet/diffusion_pytorch_model.safetensors");
    byte[] whole = Files.readAllBytes(unet);
    Files.write(unet, Arrays.copyOf(whole, whole.length / 2));
    refused("diffusion_pytorch_model.safetensors");
    assertThat(renderer.models()).containsExactly("demo", "demo-refiner");
    assertThat(renderer.unmetRequirement(job()).orElseThrow())
        .startsWith("model broken cannot be used here: ")
        .contains("diffusion_pytorch_model.safetensors");
    renderer.probe(Optional.empty());
  }

  @Test
  void mergesThatAreNoTextAreNamed() throws IOException {
    Files.write(broken.resolve("tokenizer/merges.txt"), new byte[] {(byte) 0xff, 0, 10});
    refused("tokenizer/merges.txt: cannot be read: it is no text in UTF-8");
  }

  @Test
  void folderThatIsNoModelIsNamed() throws IOException {
    Files.delete(broken.resolve("model_index.json"));
    assertThat(renderer.unmetRequirement(job()).orElseThrow())
        .isEqualTo(
            "model broken: %s is no model; a folder with model_index.json is expected"
                .formatted(broken));
  }

  @Test
  void fileThatIsNoModelSaysWhy() throws IOException {
    Path file = models.resolve("cut.safetensors");
    byte[] unet = Files.readAllBytes(broken.resolve("unet/diffusion_pytorch_model.safetensors"));
    Files.write(file, unet);
    assertThat(unmetRequirement("\"model\": \"cut\""))
        .startsWith("model cut: " + file + ": no checkpoint: model.diffusion_model.* is expected");
    assertThat(unmetRequirement("\"model\": \"demo\", \"vae\": \"cut\""))
        .startsWith("vae cut: " + file + ": no VAE: no first_stage_model.");
    assertThat(
            unmetRequirement(
                "\"model\": \"demo\", \"controlnet\": [{\"model\": \"cut\", \"image\": \"x.png\"}]"))
        .startsWith(
            "controlnet cut: " + file + ": no ControlNet: neither controlnet_cond_embedding.");
    Files.write(file, Arrays.copyOf(unet, unet.length / 2));
    assertThat(unmetRequirement("\"model\": \"cut\""))
        .startsWith("model cut: " + file)
        .endsWith("cut off?");
    assertThat(unmetRequirement("\"model\": \"demo\", \"vae\": \"cut\""))
        .startsWith("vae cut: " + file)
        .endsWith("cut off?");
  }

  private String unmetRequirement(String fields) {
    String json = "{\"prompt\": \"x\", \"seed\": 1, %s}".formatted(fields);
    return renderer
        .unmetRequirement(RenderJob.fromJson(json.getBytes(StandardCharsets.UTF_8)))
        .orElseThrow();
  }

  @Test
  void widthsThatTheFileDoesNotHaveAreNoMatterOfMemory() throws IOException {
    Path config = broken.resolve("unet/config.json");
    String text = Files.readString(config).replaceAll("\\s+", "");
    String changed = text.replace("[48,96,112]", "[40000,96000,112000]");
    assertThat(changed).isNotEqualTo(text);
    Files.writeString(config, changed);
    refused("add_embedding.linear_1.weight is [192, 288], expected [160000, 288]");
  }

  @Test
  void textEncodersThatDoNotFitAreNamed() throws IOException {
    Path config = broken.resolve("unet/config.json");
    String text = Files.readString(config);
    String changed =
        text.replaceFirst("\"cross_attention_dim\": \\d+", "\"cross_attention_dim\": 2048");
    assertThat(changed).isNotEqualTo(text);
    Files.writeString(config, changed);
    refused("2048");
  }

  @Test
  void weightsThatGiveNoNumbersFailTheRenderAndTheProbe() throws IOException {
    Path unet = broken.resolve("unet/diffusion_pytorch_model.safetensors");
    spoil(unet, 4096);
    assertThatThrownBy(() -> renderer.render(job(), renderer.plan(job()), (k, n) -> {}))
        .isInstanceOfSatisfying(
            FarmException.class, e -> assertThat(e.kind()).isEqualTo(FailureKind.RENDER_FAILED))
        .hasMessageStartingWith("latents are not finite after the last of 1 step: unet (" + unet)
        .hasMessageEndingWith("holds NaN or infinity");
    assertThatThrownBy(() -> renderer.probe(Optional.of(job())))
        .isInstanceOfSatisfying(
            FarmException.class, e -> assertThat(e.kind()).isEqualTo(FailureKind.WORKER_UNFIT));
    assertThat(renderer.unmetRequirement(job()).orElseThrow()).contains("cannot be used here");
  }

  @Test
  void vaeThatPaintsBlackIsNamedForIt() throws IOException {
    Path vae = broken.resolve("vae/diffusion_pytorch_model.safetensors");
    spoil(vae, 4096);
    assertThatThrownBy(() -> renderer.render(job(), renderer.plan(job()), (k, n) -> {}))
        .hasMessageStartingWith("the picture is all black: vae (" + vae)
        .hasMessageEndingWith("holds NaN or infinity");
  }

  @Test
  void embeddingThatIsNoNumberIsNamed() throws IOException {
    Path word = models.resolve("word.safetensors");
    Files.copy(Path.of("src/test/resources/goldens/text/inversion_1.safetensors"), word);
    spoil(word, 64);
    String json =
        """
        {"model": "demo", "prompt": "a word42", "seed": 1, "num_inference_steps": 1, "height": 64,
         "width": 64, "embeddings": [{"path": "word", "token": "word42"}]}
        """;
    RenderJob job = RenderJob.fromJson(json.getBytes(StandardCharsets.UTF_8));
    assertThatThrownBy(() -> renderer.render(job, renderer.plan(job), (k, n) -> {}))
        .hasMessageStartingWith("latents are not finite after the last of 1 step: embedding word42")
        .hasMessageEndingWith("holds NaN or infinity");
  }

  @Test
  void promptsOfTwoLengthsAreNamed() throws IOException {
    Path config = broken.resolve("tokenizer/tokenizer_config.json");
    String text = Files.readString(config);
    String changed = text.replaceFirst("\"model_max_length\": *77", "\"model_max_length\": 20");
    assertThat(changed).isNotEqualTo(text);
    Files.writeString(config, changed);
    String problem = "prompts have {text_encoder=20, text_encoder_2=77} tokens, expected one";
    assertThat(SnapshotCheck.problems(() -> Snapshot.open(broken)))
        .singleElement(STRING)
        .contains(problem);
    refused(problem);
  }

  /** Bytes at the end are no numbers. */
  private static void spoil(Path weights, int last) throws IOException {
    byte[] bytes = Files.readAllBytes(weights);
    Arrays.fill(bytes, bytes.length - last, bytes.length, (byte) 0xff);
    Files.write(weights, bytes);
  }

  private void refused(String naming) {
    assertThatThrownBy(() -> renderer.render(job(), renderer.plan(job()), (k, n) -> {}))
        .isInstanceOfSatisfying(
            FarmException.class, e -> assertThat(e.kind()).isEqualTo(FailureKind.WORKER_UNFIT))
        .hasMessageContaining(naming);
  }

  private static RenderJob job() {
    return RenderJob.fromJson(
        ("{\"model\": \"broken\", \"prompt\": \"x\", \"seed\": 1, \"num_inference_steps\": 1,"
                + " \"height\": 64, \"width\": 64}")
            .getBytes(StandardCharsets.UTF_8));
  }

  private static void copy(Path from, Path to) {
    try {
      Files.createDirectories(to.getParent());
      if (Files.isRegularFile(from)) {
        Files.copy(from, to);
      }
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }
}

package farm.darkroom.worker.render;

import static farm.darkroom.worker.render.DemoJobs.job;
import static org.assertj.core.api.Assertions.assertThat;

import farm.darkroom.common.Sha256;
import farm.darkroom.common.job.RenderJob;
import farm.darkroom.common.job.WeightFile;
import farm.darkroom.sdxl.singlefile.LdmWriter;
import farm.darkroom.worker.port.RenderPlan;
import farm.darkroom.worker.port.RenderResult;
import farm.darkroom.worker.port.Residency;
import farm.darkroom.worker.render.inventory.ControlNetFolder;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** Files that another is moved over, of the same size and time, while a renderer has them open. */
class ReplacedFilesTest {
  private static final Path GOLDENS = Path.of("src/test/resources/goldens").toAbsolutePath();
  private static final String WEIGHTS = "diffusion_pytorch_model.safetensors";

  @TempDir Path models;
  private SdxlRenderer renderer;

  @BeforeEach
  void open() {
    renderer = TestRenderers.with(models);
  }

  @AfterEach
  void close() {
    renderer.close();
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = ';',
      value = {
        "mine; 'seed': 1; mine/unet/" + WEIGHTS,
        "mine; 'seed': 1; mine/text_encoder_2/model.safetensors",
        "demo; 'seed': 1, 'refiner': {'model': 'fine', 'denoising_start': 0.5}; fine/unet/"
            + WEIGHTS,
        "demo; 'seed': 1, 'vae': 'mine/vae'; mine/vae/" + WEIGHTS,
        "demo; 'seed': 1, 'vae': 'tiny'; tiny/" + WEIGHTS,
        "one; 'seed': 1; one.safetensors",
        "demo; 'seed': 1, 'loras': [{'path': 'strokes'}]; loras/strokes.safetensors",
        "demo; 'seed': 1, 'embeddings': [{'path': 'ball'}]; embeddings/ball.safetensors",
        "demo; 'seed': 1, 'controlnet': [{'model': 'edges', 'image': '@'}]; edges/" + WEIGHTS
      })
  void nextJobIsRenderedWithTheNewFileAndSaysSo(String model, String fields, String path)
      throws IOException {
    write(model + fields);
    Path file = models.resolve(path);
    RenderJob job =
        job(model, fields.replace("@", GOLDENS.resolve("additions/edges.png").toString()));
    RenderResult before = render(job);
    String old = sha256(file);
    assertThat(hashes(before)).contains(old);
    replace(file);
    RenderResult after = render(job);
    assertThat(hashes(after)).contains(sha256(file)).doesNotContain(old);
    assertThat(Rendered.bytes(after).get(0)).isNotEqualTo(Rendered.bytes(before).get(0));
  }

  /** What of the files a job of these words wants. */
  private void write(String used) throws IOException {
    copy(used.contains("mine"), Path.of("demo-model/base"), "mine");
    copy(used.contains("fine"), Path.of("demo-model/refiner"), "fine");
    copy(used.contains("tiny"), GOLDENS.resolve("vae/tiny"), "tiny");
    Path loras = Files.createDirectories(models.resolve("loras"));
    Files.copy(GOLDENS.resolve("additions/peft.safetensors"), loras.resolve("strokes.safetensors"));
    Path embeddings = Files.createDirectories(models.resolve("embeddings"));
    Files.copy(
        GOLDENS.resolve("text/inversion_3.safetensors"), embeddings.resolve("ball.safetensors"));
    if (used.contains("edges")) {
      ControlNetFolder.write(models.resolve("edges"), Map.of());
    }
    if (used.contains("one")) {
      LdmWriter.write(Path.of("demo-model/base"), models.resolve("one.safetensors"));
      Files.writeString(
          models.resolve("one.json"),
          """
          {"unet": {"attention_head_dim": [3, 6, 7], "norm_num_groups": 16, "sample_size": 16},
           "vae": {"norm_num_groups": 8, "scaling_factor": 0.82396, "sample_size": 128},
           "text_encoder": {"num_attention_heads": 4}, "text_encoder_2": {"num_attention_heads": 4}}
          """);
    }
  }

  private void copy(boolean wanted, Path from, String to) throws IOException {
    if (!wanted) {
      return;
    }
    try (Stream<Path> files = Files.walk(from)) {
      for (Path file : files.toList()) {
        Files.copy(file, models.resolve(to).resolve(from.relativize(file).toString()));
      }
    }
  }

  /** By a file whose weights are half zeros. */
  private static void replace(Path file) throws IOException {
    byte[] bytes = Files.readAllBytes(file);
    long header = ByteBuffer.wrap(bytes).order(ByteOrder.LITTLE_ENDIAN).getLong();
    for (int at = Long.BYTES + (int) header; at < bytes.length; at += 32) {
      Arrays.fill(bytes, at, Math.min(at + 16, bytes.length), (byte) 0);
    }
    Path other = Files.write(file.resolveSibling("other"), bytes);
    Files.setLastModifiedTime(other, Files.getLastModifiedTime(file));
    Files.move(other, file, StandardCopyOption.REPLACE_EXISTING);
  }

  private RenderResult render(RenderJob job) {
    return renderer.render(job, RenderPlan.of(Residency.RESIDENT), (k, n) -> {});
  }

  private static List<String> hashes(RenderResult result) {
    return result.details().weights().stream().map(WeightFile::sha256).toList();
  }

  private static String sha256(Path file) throws IOException {
    return Sha256.hex(Files.readAllBytes(file));
  }
}

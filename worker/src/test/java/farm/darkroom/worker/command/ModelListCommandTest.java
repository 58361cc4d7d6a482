package farm.darkroom.worker.command;

import static org.assertj.core.api.Assertions.assertThat;

import farm.darkroom.sdxl.singlefile.LdmWriter;
import java.io.IOException;
import java.io.PrintWriter;
import java.io.StringWriter;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.stream.Stream;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.api.io.TempDir;
import picocli.CommandLine;

/** {@code model list} and {@code model check} look at the same models. */
@ExtendWith(AtHome.class)
class ModelListCommandTest {
  private static final Path DEMO = Path.of("demo-model/base");

  @TempDir private Path models;
  private final StringWriter out = new StringWriter();
  private final StringWriter err = new StringWriter();

  @BeforeEach
  void installation() throws IOException {
    copy(DEMO, models.resolve("org/mine"));
    copy(DEMO.resolve("vae"), models.resolve("my-vae"));
  }

  @Test
  void listNamesKindSizeAndPlace() {
    assertThat(run("list")).isZero();
    assertThat(out.toString().lines())
        .anyMatch(line -> line.matches("demo +base +\\d+ MB .*demo-model/base"))
        .anyMatch(line -> line.matches("demo-refiner +refiner +[\\d.]+ MB .*refiner"))
        .anyMatch(line -> line.matches("org/mine +base .*" + models.resolve("org/mine")))
        .anyMatch(line -> line.matches("my-vae +vae .*"));
  }

  @Test
  void listAsJsonIsOneObjectALine() {
    assertThat(run("list", "--json")).isZero();
    assertThat(out.toString().lines())
        .anyMatch(
            line ->
                line.matches(
                    "\\{\"name\":\"org/mine\",\"kind\":\"base\",\"single_file\":false,"
                        + "\"bytes\":\\d{7,},\"path\":\".*org/mine\"}"));
  }

  @Test
  void singleFilesAreListedAndChecked() throws IOException {
    LdmWriter.write(Path.of("demo-model/refiner"), models.resolve("fine.safetensors"));
    LdmWriter.writeVae(
        DEMO.resolve("vae/diffusion_pytorch_model.safetensors"), models.resolve("v.safetensors"));
    assertThat(run("list", "--json")).isZero();
    assertThat(out.toString())
        .contains("{\"name\":\"fine.safetensors\",\"kind\":\"refiner\",\"single_file\":true,")
        .contains("{\"name\":\"v.safetensors\",\"kind\":\"vae\",\"single_file\":true,");
    assertThat(run("check", "v.safetensors")).isOne();
    assertThat(out.toString())
        .contains(
            models.resolve("v.safetensors")
                + ": norm_num_groups is 32; supported: a divisor of every one of [16, 32, 64, 64]");
    Files.writeString(models.resolve("v.json"), "{\"vae\": {\"norm_num_groups\": 8}}");
    Files.writeString(
        models.resolve("fine.json"),
        "{\"unet\": {\"norm_num_groups\": 16}, \"vae\": {\"norm_num_groups\": 8}}");
    assertThat(run("check", "v.safetensors")).isZero();
    assertThat(run("check", "fine")).isZero();
  }

  @Test
  void loraFilesAndEmbeddingsAreListedAndChecked() throws IOException {
    Path goldens = Path.of("src/test/resources/goldens");
    Files.createDirectories(models.resolve("loras"));
    Files.createDirectories(models.resolve("org/added"));
    Path style = models.resolve("loras/style.safetensors");
    Files.copy(goldens.resolve("additions/kohya_text.safetensors"), style);
    Files.copy(
        goldens.resolve("text/inversion_3.safetensors"), models.resolve("org/added/w.safetensors"));
    assertThat(run("list")).isZero();
    assertThat(out.toString().lines())
        .anyMatch(line -> line.matches("loras/style.safetensors +lora +\\d+ kB .*"))
        .anyMatch(line -> line.matches("org/added/w.safetensors +embedding .*"));
    assertThat(run("check", "style")).isZero();
    assertThat(run("check", "org/added/w.safetensors")).isZero();
    Path broken = models.resolve("loras/broken.safetensors");
    String text =
        Files.readString(style, StandardCharsets.ISO_8859_1)
            .replaceFirst("lora_te1_([a-z0-9_]+)\\.lora_up", "lora_te1_$1.lora_dn");
    Files.writeString(broken, text, StandardCharsets.ISO_8859_1);
    assertThat(run("check", broken.toString())).isOne();
    assertThat(out.toString())
        .contains(broken + ": lora_te1_")
        .contains(".lora_dn.weight is no name of a LoRA weight")
        .contains("stands without its up weight");
  }

  @Test
  void soundModelsAreReported() {
    assertThat(run("check", "demo-refiner")).isZero();
    assertThat(run("check", "org/mine")).isZero();
    assertThat(run("check", "my-vae")).isZero();
    assertThat(out.toString().lines())
        .containsExactly("demo-refiner: sound", "org/mine: sound", "my-vae: sound");
  }

  @Test
  void everyProblemIsALineAndTheExitCodeIsOne() throws IOException {
    Path mine = models.resolve("org/mine");
    replace(mine.resolve("unet/config.json"), "\"cross_attention_dim\": 160", "160", "2048");
    replace(mine.resolve("vae/config.json"), "\"latent_channels\": 4", "4", "8");
    Files.delete(mine.resolve("text_encoder/model.safetensors"));
    Files.delete(mine.resolve("tokenizer_2/vocab.json"));
    replace(mine.resolve("scheduler/scheduler_config.json"), "\"leading\"", "leading", "lagging");
    assertThat(run("check", mine.toString())).isOne();
    assertThat(out.toString().lines())
        .anyMatch(line -> line.contains("scheduler_config.json: ") && line.contains("lagging"))
        .anyMatch(
            line ->
                line.matches(
                    ".*unet/diffusion_pytorch_model.safetensors: unet"
                        + " .*attn2.to_k.weight is \\[\\d+, 160\\], expected \\[\\d+, 2048\\]"))
        .anyMatch(line -> line.contains("vae post_quant_conv.weight is [4, 4, 1, 1], expected [8"))
        .anyMatch(line -> line.contains("text_encoder: no weights; expected "))
        .anyMatch(line -> line.contains("tokenizer_2/vocab.json: no such file"))
        .allMatch(line -> line.contains(mine.toString()));
  }

  @Test
  void partsThatDoNotBelongTogetherAreNamed() throws IOException {
    Path index = models.resolve("org/mine/model_index.json");
    replace(index, "\"force_zeros", "\"force", "\"requires_aesthetics_score\": true, \"force");
    assertThat(run("check", "org/mine")).isOne();
    assertThat(out.toString()).contains("pooled text and 5 time ids give ").hasLineCount(1);
  }

  @Test
  void unknownModelIsAUsageError() {
    assertThat(run("check", "nowhere")).isEqualTo(2);
    assertThat(err.toString()).contains("there is no model nowhere here");
    assertThat(run()).isEqualTo(2);
  }

  private int run(String... typed) {
    CommandLine command =
        new CommandLine(new ModelCommand())
            .setOut(new PrintWriter(out, true))
            .setErr(new PrintWriter(err, true));
    String[] all = Stream.concat(Stream.of(typed), folder(typed)).toArray(String[]::new);
    return command.execute(all);
  }

  private Stream<String> folder(String... typed) {
    return typed.length == 0 ? Stream.of() : Stream.of("--models", models.toString());
  }

  private static void replace(Path file, String around, String what, String by) throws IOException {
    String text = Files.readString(file);
    assertThat(text).contains(around);
    Files.writeString(file, text.replace(around, around.replace(what, by)));
  }

  private static void copy(Path from, Path to) throws IOException {
    try (Stream<Path> files = Files.walk(from)) {
      for (Path file : files.toList()) {
        Path target = to.resolve(from.relativize(file).toString());
        Files.createDirectories(target.getParent());
        if (Files.isRegularFile(file)) {
          Files.copy(file, target);
        }
      }
    }
  }
}

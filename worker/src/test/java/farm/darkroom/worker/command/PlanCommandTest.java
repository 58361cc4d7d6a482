package farm.darkroom.worker.command;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import farm.darkroom.common.FailureKind;
import farm.darkroom.common.FarmException;
import farm.darkroom.common.json.Json;
import java.io.IOException;
import java.io.PrintWriter;
import java.io.StringWriter;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import picocli.CommandLine;

@ExtendWith(AtHome.class)
class PlanCommandTest {
  private static final String LARGE =
      "{'model': 'demo', 'prompt': 'a red cube', 'seed': 1, 'height': 2048, 'width': 2048%s}";

  private static final Path ADDITIONS =
      Path.of("src/test/resources/goldens/additions").toAbsolutePath();

  @TempDir private Path folder;
  private final StringWriter out = new StringWriter();
  private final StringWriter err = new StringWriter();
  private FarmException failure;

  @Test
  void tableHasEveryWayAndTheChoice() throws IOException {
    assertThat(plan(LARGE.formatted(""), "--memory-limit", "1GB")).isZero();
    assertThat(out.toString())
        .containsPattern("plan +memory +slowdown +fits")
        .containsPattern("resident +[0-9.]+ GB +1.00x +no\n")
        .containsPattern("[a-z]+, VAE in tiles of 128 pixels .* yes  <- chosen\n")
        .containsPattern("of 1.00 GB \\(--memory-limit\\); .* would need");
  }

  /** As shells pass one for {@code plan <(program)}. */
  @Test
  void aJobComesThroughAPipe() throws Exception {
    Path job = folder.resolve("written.json");
    Files.writeString(job, LARGE.formatted("").replace('\'', '"'));
    Path pipe = folder.resolve("pipe");
    assertThat(new ProcessBuilder("mkfifo", pipe.toString()).start().waitFor()).isZero();
    Process writer =
        new ProcessBuilder("sh", "-c", "cat \"$0\" > \"$1\"", job.toString(), pipe.toString())
            .start();
    try {
      int code = run(pipe.toString(), "--memory-limit", "1GB");
      assertThat(failure).isNull();
      assertThat(code).isZero();
    } finally {
      writer.destroy();
    }
  }

  @Test
  void whatIsReadAsWordsIsWarnedOf() throws IOException {
    String job = "{'model': 'demo', 'prompt': 'a <lora:film:0.8> cube'}";
    assertThat(plan(job, "--memory-limit", "1GB")).isZero();
    assertThat(err.toString())
        .startsWith("warning: \"<lora:film:0.8>\" in a prompt is read as words");
  }

  @Test
  void jsonHasBytes() throws IOException {
    assertThat(plan(LARGE.formatted(""), "--memory-limit", "100GB", "--json")).isZero();
    JsonNode json = Json.parse(out.toString().getBytes(StandardCharsets.UTF_8));
    assertThat(json.path("chosen").asInt()).isZero();
    JsonNode first = json.path("plans").path(0);
    assertThat(first.path("residency").asText()).isEqualTo("resident");
    assertThat(first.path("vae_tile_pixels").isNull()).isTrue();
    assertThat(first.path("peak_bytes").asLong()).isGreaterThan(1_000_000_000L);
    assertThat(first.path("slowdown").asDouble()).isEqualTo(1);
    assertThat(json.path("plans")).hasSize(12);
  }

  @Test
  void noFittingPlanIsReportedAndFails() throws IOException {
    assertThat(plan(LARGE.formatted(""), "--memory-limit", "100MB")).isOne();
    assertThat(out.toString()).contains("not enough memory: ").contains("are missing");
  }

  @Test
  void residencyThatIsAskedForIsTheOnlyOne() throws IOException {
    assertThat(plan(LARGE.formatted(""), "--residency", "SEQUENTIAL", "--json")).isZero();
    JsonNode json = Json.parse(out.toString().getBytes(StandardCharsets.UTF_8));
    assertThat(json.path("plans")).hasSize(4);
    assertThat(json.path("plans").findValuesAsText("residency")).containsOnly("sequential");
  }

  @Test
  void refinerAndLatentsCount() throws IOException {
    plan(LARGE.formatted(""), "--json");
    long plain = resident();
    plan(
        LARGE.formatted(", 'refiner': {'model': 'demo-refiner', 'denoising_start': 0.8}"),
        "--json");
    assertThat(resident()).isGreaterThan(plain);
    plan(LARGE.formatted(", 'output_type': 'latent'"), "--json");
    assertThat(resident()).isLessThan(plain);
  }

  @Test
  void microBatchCounts() throws IOException {
    plan(LARGE.formatted(""), "--json");
    long alone = resident();
    plan(LARGE.formatted(""), "--json", "--batch", "4");
    assertThat(resident()).isGreaterThan(alone);
    plan(LARGE.formatted(""), "--batch", "0");
    assertThat(failure).hasMessageContaining("--batch: found 0, allowed: 1 to ");
  }

  @Test
  void brokenJobIsRefusedInOneLine() throws IOException {
    plan(LARGE.formatted(", 'sed': 5"));
    assertThat(failure).hasMessageContaining("$.sed");
    plan(LARGE.formatted("").replace("demo", "foo"));
    assertThat(failure)
        .hasMessage(
            "model foo is not installed here; installed: demo, demo-refiner;"
                + " 'darkroom model pull ORG/NAME' downloads others");
    plan(LARGE.formatted(", 'vae': 'bar'"));
    assertThat(failure).hasMessageStartingWith("vae bar is not installed here");
    assertThat(failure.kind()).isEqualTo(FailureKind.INVALID_JOB);
  }

  @Test
  void whatRenderRefusesIsRefusedHere() throws IOException {
    plan(LARGE.formatted(", 'loras': [{'path': './nope.safetensors'}]"));
    assertThat(failure).hasMessageStartingWith("lora ./nope.safetensors is not installed here");
    plan(LARGE.formatted("").replace("demo", "demoo"));
    assertThat(failure).hasMessageEndingWith("; did you mean demo?");
    plan(LARGE.formatted("").replace("demo", "./demoo"));
    assertThat(failure).hasMessage("model ./demoo: there is no such folder or file");
    plan(LARGE.formatted("").replace("demo", "org/name"));
    assertThat(failure).hasMessageEndingWith("; 'darkroom model pull org/name' downloads it");
  }

  @Test
  void addedFilesThatRenderRefusesAreRefusedHere() throws IOException {
    Path cut = folder.resolve("cut.safetensors");
    Files.write(cut, new byte[] {9, 0, 0, 0, 0, 0, 0, 0, '{'});
    plan(LARGE.formatted(", 'loras': [{'path': '" + cut + "'}]"));
    assertThat(failure).hasMessageStartingWith(cut + ": it is cut off: found 9 bytes");
    plan(LARGE.formatted(", 'embeddings': [{'path': '" + cut + "', 'token': 'mine'}]"));
    assertThat(failure).hasMessageStartingWith(cut + ": it is cut off: found 9 bytes");
    Path wide = folder.resolve("wide.safetensors");
    String header =
        "{'clip_l': {'dtype': 'F32', 'shape': [1, 3], 'data_offsets': [0, 12]},"
            + " 'clip_g': {'dtype': 'F32', 'shape': [1, 96], 'data_offsets': [12, 396]}}";
    ByteBuffer file = ByteBuffer.allocate(8 + header.length() + 396).order(ByteOrder.LITTLE_ENDIAN);
    file.putLong(header.length()).put(header.replace('\'', '"').getBytes(StandardCharsets.UTF_8));
    Files.write(wide, file.array());
    plan(LARGE.formatted(", 'embeddings': [{'path': '" + wide + "'}]"));
    assertThat(failure).hasMessage(wide + ": clip_l is [1, 3], text_encoder needs [vectors, 64]");
    Path other = ADDITIONS.resolve("latents.safetensors");
    plan(LARGE.formatted(", 'loras': [{'path': '" + other + "'}]"));
    assertThat(failure).hasMessageContaining("latents.safetensors does not fit this model");
    Path sound = ADDITIONS.resolve("peft.safetensors");
    assertThat(plan(LARGE.formatted(", 'loras': [{'path': '" + sound + "'}]"))).isZero();
  }

  @Test
  void anotherGpuThanThoseThatAreHereIsNamed() throws IOException {
    plan(LARGE.formatted(""), "--device", "cuda:99");
    assertThat(failure).hasMessage("device cuda:99: there is no such GPU here");
    assertThat(failure.kind()).isEqualTo(FailureKind.WORKER_UNFIT);
  }

  @Test
  void aFileThatHoldsNotOneJobIsNamed() throws IOException {
    Path lines = folder.resolve("jobs.jsonl");
    String job = LARGE.formatted("").replace('\'', '"');
    Files.writeString(lines, job + "\n" + job);
    assertThat(run(lines.toString())).isEqualTo(2);
    assertThat(failure).hasMessage(lines + ": it holds 2 jobs, allowed: one");
    Files.writeString(lines, job + "\n");
    assertThat(run(lines.toString())).isZero();
    run(folder.toString());
    assertThat(failure).hasMessage(folder + ": it is a folder, a file is needed");
    plan("{");
    assertThat(failure).hasMessageStartingWith(folder.resolve("job.json") + ": not JSON at ");
  }

  @ParameterizedTest
  @ValueSource(strings = {"job.json", "jobs.jsonl"})
  void aFileInUtf16IsSaidToBe(String name) throws IOException {
    Path file = folder.resolve(name);
    Files.writeString(file, LARGE.formatted("").replace('\'', '"'), StandardCharsets.UTF_16);
    assertThat(run(file.toString())).isEqualTo(2);
    assertThat(failure).hasMessageStartingWith(file + ": found UTF-16, allowed: UTF-8;");
  }

  @Test
  void sweepIsReferredToSubmit() throws IOException {
    plan(LARGE.formatted(", 'matrix': {'guidance_scale': [3, 5]}"));
    assertThat(failure)
        .hasMessageContaining("$.matrix: ")
        .hasMessageEndingWith("; a sweep is for 'darkroom submit', here each job is written out");
  }

  @Test
  void sizeOfAPictureThatIsNotThereIsNotGuessed() throws IOException {
    plan("{'model': 'demo', 'prompt': 'x', 'seed': 1, 'image': './no-such.png'}");
    assertThat(failure).hasMessageContaining("./no-such.png: there is no such file");
  }

  @Test
  void picturesInAStoreAreNotNeededWhereTheSizeIsGiven() throws IOException {
    String image = ", 'image': 's3://bucket/in.png', 'strength': 0.6";
    assertThat(plan(LARGE.formatted(image))).isZero();
    String control =
        ", 'controlnet': [{'model': 'demo-controlnet', 'image': 's3://bucket/in.png'}]";
    plan(LARGE.formatted(control));
    assertThat(failure).hasMessageStartingWith("controlnet demo-controlnet is not installed here");
  }

  @Test
  void absurdOptionsAreRefused() throws IOException {
    plan(LARGE.formatted(""), "--memory-limit", "4 apples");
    assertThat(failure).hasMessageContaining("--memory-limit: found '4 apples', allowed: sizes");
  }

  private long resident() throws IOException {
    return Json.parse(out.toString().getBytes(StandardCharsets.UTF_8))
        .path("plans")
        .path(0)
        .path("peak_bytes")
        .asLong();
  }

  private int plan(String job, String... flags) throws IOException {
    out.getBuffer().setLength(0);
    Path file = folder.resolve("job.json");
    Files.write(file, job.replace('\'', '"').getBytes(StandardCharsets.UTF_8));
    String[] arguments = new String[flags.length + 1];
    arguments[0] = file.toString();
    System.arraycopy(flags, 0, arguments, 1, flags.length);
    return run(arguments);
  }

  private int run(String... arguments) {
    return new CommandLine(new PlanCommand())
        .setCaseInsensitiveEnumValuesAllowed(true)
        .setOut(new PrintWriter(out))
        .setErr(new PrintWriter(err))
        .setExecutionExceptionHandler(
            (e, command, parsed) -> {
              failure = (FarmException) e;
              return 2;
            })
        .execute(arguments);
  }
}

package farm.darkroom.worker.command;

import static org.assertj.core.api.Assertions.assertThat;

import farm.darkroom.common.FarmException;
import farm.darkroom.common.job.JobId;
import farm.darkroom.common.job.RenderJob;
import farm.darkroom.common.job.RenderRecord;
import farm.darkroom.worker.picture.Png;
import java.awt.image.BufferedImage;
import java.io.IOException;
import java.io.PrintWriter;
import java.io.StringWriter;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Stream;
import javax.imageio.ImageIO;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.api.io.TempDir;
import picocli.CommandLine;

@ExtendWith(AtHome.class)
class RenderCommandTest {
  private static final String JOB =
      "{'model': 'demo', 'prompt': 'a red cube', 'num_inference_steps': 1, 'height': 64,"
          + " 'width': 64%s}";

  @TempDir private Path folder;
  private final StringWriter out = new StringWriter();
  private final StringWriter err = new StringWriter();
  private FarmException failure;

  @Test
  void writesPictureAndRecord() throws IOException {
    assertThat(render(JOB.formatted(", 'seed': 5"))).isZero();
    byte[] png = Files.readAllBytes(folder.resolve("out/0.png"));
    RenderRecord record =
        RenderRecord.fromJson(Files.readAllBytes(folder.resolve("out/record.json")));
    assertThat(Png.text(png).get(Png.PARAMETERS)).contains("Seed: 5");
    assertThat(record.images().get(0).key()).isEqualTo("0.png");
    assertThat(record.images().get(0).bytes()).isEqualTo(png.length);
    assertThat(record.conditions().threads()).isOne();
    assertThat(out.toString()).contains(folder.resolve("out/0.png").toString(), "1 step,");
  }

  @Test
  void linesRenderIntoFoldersNamedByJobId() throws IOException {
    Path lines = folder.resolve("jobs.jsonl");
    String job = JOB.replace('\'', '"');
    Files.writeString(
        lines,
        job.formatted(", \"seed\": 5")
            + "\n\n"
            + job.formatted(", \"seed\": 6")
            + "\n"
            + job.formatted(", \"seed\": 7, \"scheduler\": \"PNDMScheduler\""));
    assertThat(
            run(
                lines.toString(),
                "--batch",
                "3",
                "--output",
                folder.resolve("out").toString(),
                "--threads",
                "1"))
        .isOne();
    List<RenderJob> jobs = new ArrayList<>();
    for (String line : Files.readAllLines(lines)) {
      if (!line.isBlank()) {
        jobs.add(RenderJob.fromJson(line.getBytes(StandardCharsets.UTF_8)));
      }
    }
    for (RenderJob made : jobs.subList(0, 2)) {
      Path own = folder.resolve("out").resolve(JobId.of(made).text());
      assertThat(own.resolve("0.png")).exists();
      RenderRecord record = RenderRecord.fromJson(Files.readAllBytes(own.resolve("record.json")));
      assertThat(record.conditions().microBatch()).isEqualTo(2);
    }
    assertThat(err.toString()).contains(JobId.of(jobs.get(2)).text(), "PNDMScheduler");
  }

  @Test
  void aJobOverSeveralLinesIsToldFromALineOfJobs() throws IOException {
    Path lines = Files.writeString(folder.resolve("jobs.jsonl"), "{\n\"prompt\": \"x\"\n}\n");
    run(lines.toString(), "--output", folder.resolve("out").toString());
    assertThat(failure)
        .hasMessageStartingWith(lines + ", line 1: found a job that does not end on its line")
        .hasMessageEndingWith("a file that ends in .json");
    Path text = Files.writeString(folder.resolve("prompts.txt"), "a red cube\na blue ball\n");
    run(text.toString(), "--output", folder.resolve("out").toString());
    assertThat(failure).hasMessageStartingWith(text + ": found \"a red cube\", expected a job");
  }

  /** Otherwise letters of another encoding would become another prompt. */
  @Test
  void linesInAnotherEncodingAreRefused() throws IOException {
    Path lines = folder.resolve("jobs.jsonl");
    Files.writeString(
        lines, "{\"model\":\"demo\",\"prompt\":\"caf\u00e9\"}", StandardCharsets.ISO_8859_1);
    run(lines.toString(), "--output", folder.resolve("out").toString());
    assertThat(failure).hasMessage(lines + ": it is no UTF-8 text");
  }

  @Test
  void fileWithoutJobsIsAUsageError() throws IOException {
    Path lines = Files.writeString(folder.resolve("jobs.jsonl"), "\n \n");
    run(lines.toString(), "--output", folder.resolve("out").toString());
    assertThat(failure).hasMessage(lines + ": found no jobs");
  }

  @Test
  void previewsGoIntoAFileAndChangeNothing() throws IOException {
    assertThat(render(JOB.formatted(", 'seed': 5"))).isZero();
    byte[] without = Files.readAllBytes(folder.resolve("out/0.png"));
    Path preview = folder.resolve("previews/now.png");
    assertThat(render(JOB.formatted(", 'seed': 5"), "--preview", preview.toString())).isZero();
    assertThat(Files.readAllBytes(folder.resolve("out/0.png"))).isEqualTo(without);
    BufferedImage shown = ImageIO.read(preview.toFile());
    assertThat(shown.getWidth()).isEqualTo(8);
    assertThat(shown.getHeight()).isEqualTo(8);
    try (Stream<Path> files = Files.list(preview.getParent())) {
      assertThat(files).containsExactly(preview);
    }
  }

  @Test
  void previewThatCannotBeWrittenIsGivenUpInOneLine() throws IOException {
    String longest = "n".repeat(251) + ".png"; // nothing fits beside it under a longer name
    Path preview = folder.resolve("previews").resolve(longest);
    assertThat(render(JOB.formatted(""), "--preview", preview.toString())).isZero();
    assertThat(folder.resolve("out/0.png")).exists();
    assertThat(err.toString()).containsOnlyOnce("darkroom: no more previews: " + preview);
  }

  @Test
  void wrongPreviewsAreRefusedBeforeAnythingIsRendered() throws IOException {
    String job = JOB.formatted("");
    String preview = folder.resolve("now.png").toString();
    render(job, "--preview", preview, "--preview-vae", "demo");
    assertThat(failure).hasMessageStartingWith("--preview-vae demo: ");
    render(job, "--preview", preview, "--preview-every", "0");
    assertThat(failure).hasMessage("--preview-every: found 0, allowed: 1 to 1000");
    render(job, "--preview", folder.toString());
    assertThat(failure)
        .hasMessage("--preview " + folder + ": found no place for a file: it is a folder");
    render(job, "--preview", "/");
    assertThat(failure).hasMessage("--preview /: found no place for a file: it is a folder");
    render(job, "--preview", "now.JPG");
    assertThat(failure)
        .hasMessage(
            "--preview: found now.JPG, allowed: a name such as FILE.png (a preview is a PNG)");
    Path file = Files.createFile(folder.resolve("file"));
    render(job, "--preview", file.resolve("now.png").toString());
    assertThat(failure)
        .hasMessageEndingWith(
            "found no place for a file: " + file + " is there already, and no folder");
    String result = folder.resolve("out/0.png").toString();
    render(job, "--preview", result);
    assertThat(failure)
        .hasMessageStartingWith("--preview " + result + ": found no place for a file: the results");
    assertThat(render(job, "--preview-every", "2")).isEqualTo(2);
    assertThat(err.toString()).contains("Missing required argument(s): --preview=FILE.png");
    assertThat(folder.resolve("out")).doesNotExist();
  }

  @Test
  void seedThatWasDrawnGivesThePictureAgain() throws IOException {
    assertThat(render(JOB.formatted(""))).isZero();
    byte[] first = Files.readAllBytes(folder.resolve("out/0.png"));
    RenderRecord record =
        RenderRecord.fromJson(Files.readAllBytes(folder.resolve("out/record.json")));
    RenderJob drawn = record.job();
    assertThat(JobId.of(drawn)).isEqualTo(record.id());
    assertThat(render(JOB.formatted(", 'seed': " + drawn.seedOf(0)))).isZero();
    assertThat(Files.readAllBytes(folder.resolve("out/0.png"))).isEqualTo(first);
  }

  @Test
  void picturesOfAnotherJobDoNotStayBesideTheRecord() throws IOException {
    render(JOB.formatted(", 'seed': 5, 'num_images_per_prompt': 3"));
    Path own = Files.writeString(folder.resolve("out/1.png"), "painted over");
    Path mine = Files.writeString(folder.resolve("out/7.png"), "of nobody's record");
    assertThat(folder.resolve("out/2.png")).exists();
    render(JOB.formatted(", 'seed': 6"));
    assertThat(folder.resolve("out/2.png")).doesNotExist();
    assertThat(folder.resolve("out/0.png")).exists();
    assertThat(own).hasContent("painted over");
    assertThat(mine).exists();
  }

  @Test
  void fileInTheFoldersPlaceIsReported() throws IOException {
    Path file = Files.writeString(folder.resolve("out"), "");
    render(JOB.formatted(""));
    assertThat(failure).hasMessage("--output " + file + ": it is a file, allowed: a folder");
  }

  @Test
  void latentsAreWrittenAsTheyAre() throws IOException {
    assertThat(render(JOB.formatted(", 'seed': 5, 'output_type': 'latent'"))).isZero();
    assertThat(folder.resolve("out/0.safetensors")).exists();
    assertThat(folder.resolve("out/0.png")).doesNotExist();
  }

  @Test
  void typoIsTheUsersFault() throws IOException {
    render(JOB.formatted(", 'sed': 5"));
    assertThat(failure).hasMessageContaining("$.sed").hasMessageContaining("seed");
    assertThat(folder.resolve("out")).doesNotExist();
  }

  @Test
  void missingModelIsNamed() throws IOException {
    render(JOB.formatted("").replace("demo", "foo"));
    assertThat(failure)
        .hasMessageStartingWith("model foo is not installed here; installed: demo, demo-refiner; ");
  }

  @Test
  void missingFileIsNamed() {
    run("no-such-job.json");
    assertThat(failure).hasMessage("no-such-job.json: there is no such file");
  }

  @Test
  void wrongDtypeSaysWhatIsAllowed() throws IOException {
    Path file = Files.writeString(folder.resolve("job.json"), JOB.formatted("").replace('\'', '"'));
    run(file.toString(), "--dtype", "float8");
    assertThat(failure)
        .hasMessage("dtype: found 'float8', allowed: auto, float16, float32, bfloat16");
  }

  private int render(String job, String... more) throws IOException {
    Path file = folder.resolve("job.json");
    Files.write(file, job.replace('\'', '"').getBytes(StandardCharsets.UTF_8));
    List<String> arguments =
        new ArrayList<>(
            List.of(
                file.toString(), "--output", folder.resolve("out").toString(), "--threads", "1"));
    arguments.addAll(List.of(more));
    return run(arguments.toArray(String[]::new));
  }

  private int run(String... arguments) {
    return new CommandLine(new RenderCommand())
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

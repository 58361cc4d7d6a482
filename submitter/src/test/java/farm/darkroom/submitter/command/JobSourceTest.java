package farm.darkroom.submitter.command;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import farm.darkroom.common.FarmException;
import farm.darkroom.common.job.CropCorner;
import farm.darkroom.common.job.PixelSize;
import farm.darkroom.common.job.RenderJob;
import farm.darkroom.submitter.submit.LocalFiles;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import picocli.CommandLine;

class JobSourceTest {
  @TempDir Path folder;

  @Test
  void flagsAreTheFieldsOfAJob() {
    RenderJob job =
        typed(1, "--prompt", "a cube", "--original-size", "96x160", "--crop", "8,16", "--seed", "0")
            .get(0);
    assertThat(job.model()).isEqualTo("demo");
    assertThat(job.seed()).hasValue(0);
    assertThat(job.framing().originalSize()).contains(new PixelSize(96, 160));
    assertThat(job.framing().cropsCoordsTopLeft()).isEqualTo(new CropCorner(8, 16));
  }

  @Test
  void promptOnTheCommandLineDrawsANewSeed() {
    assertThat(typed(1, "--prompt", "a cube")).isNotEqualTo(typed(1, "--prompt", "a cube"));
  }

  @Test
  void countGoesOnFromTheFirstSeed() {
    assertThat(typed(3, "--prompt", "a cube", "--seed", "7"))
        .extracting(job -> job.seedOf(0))
        .containsExactly(7L, 8L, 9L);
  }

  @Test
  void fileGivesTheSameSeedsEachTime() throws IOException {
    String line = "{\"prompt\":\"a cube\"}";
    String file = Files.write(folder.resolve("jobs.jsonl"), List.of(line, line)).toString();
    List<RenderJob> first = read(Optional.of(file), 2, "--steps", "3");
    assertThat(first).hasSize(4).doesNotHaveDuplicates();
    assertThat(first).allMatch(job -> job.sampling().numInferenceSteps() == 3);
    assertThat(read(Optional.of(file), 2, "--steps", "3")).isEqualTo(first);
  }

  @Test
  void missingPictureIsNamedWithTheJobsLine() throws IOException {
    String job = "{\"prompt\": \"a cube\"%s}";
    String file =
        Files.write(
                folder.resolve("jobs.jsonl"),
                List.of(job.formatted(""), job.formatted(", \"image\": \"./nope.png\"")))
            .toString();
    assertThatThrownBy(() -> read(Optional.of(file), 1))
        .isInstanceOf(FarmException.class)
        .hasMessageEndingWith("jobs.jsonl, line 2: picture ./nope.png: there is no such file");
  }

  @Test
  void nothingToDoIsRefused() {
    assertThatThrownBy(() -> typed(1))
        .isInstanceOf(FarmException.class)
        .hasMessageContaining("--prompt");
    assertThatThrownBy(() -> typed(0, "--prompt", "a cube"))
        .hasMessageContaining("--count: found 0");
  }

  @Test
  void aFileTimesItsCountIsAtMostAMillion() throws IOException {
    String line = "{\"prompt\":\"a cube\"}";
    String file = Files.write(folder.resolve("jobs.jsonl"), List.of(line, line)).toString();
    assertThatThrownBy(() -> read(Optional.of(file), 500_001))
        .isInstanceOf(FarmException.class)
        .hasMessageContaining("found 2 jobs and --count 500001");
  }

  @Test
  void badFlagBesideAFileIsBlamedNotTheFile() throws IOException {
    String line = "{\"prompt\":\"a cube\",\"num_inference_steps\":3}";
    Optional<String> file =
        Optional.of(Files.writeString(folder.resolve("jobs.jsonl"), line).toString());
    assertThatThrownBy(() -> read(file, 1, "--scheduler", "Nonsense"))
        .isInstanceOf(FarmException.class)
        .hasMessageStartingWith("flags beside --file: $.scheduler: found");
    assertThatThrownBy(() -> read(file, 1, "--steps", "0"))
        .hasMessageStartingWith("flags beside --file: $.num_inference_steps: found 0");
    assertThatThrownBy(() -> read(file, 1, "--strength", "0.5"))
        .hasMessageContaining("jobs.jsonl, line 1");
    assertThat(read(file, 1, "--steps", "9", "--seed", "0"))
        .singleElement()
        .satisfies(job -> assertThat(job.sampling().numInferenceSteps()).isEqualTo(3));
  }

  @Test
  void aStrengthBesideAFileGoesWithTheStepsOfItsJobs() throws IOException {
    String line =
        "{\"prompt\":\"a cube\",\"image\":\"s3://renders/sketch.png\",\"num_inference_steps\":200}";
    Optional<String> file =
        Optional.of(Files.writeString(folder.resolve("jobs.jsonl"), line).toString());
    assertThat(read(file, 1, "--strength", "0.01")).hasSize(1);
    assertThatThrownBy(() -> read(file, 1, "--strength", "2"))
        .hasMessageStartingWith("flags beside --file: $.strength: found 2");
  }

  private static List<RenderJob> typed(int count, String... flags) {
    return read(Optional.empty(), count, flags);
  }

  private static List<RenderJob> read(Optional<String> file, int count, String... flags) {
    JobFlags typed = CommandLine.populateCommand(new JobFlags(), flags);
    return new JobSource(typed, file, count).read(new LocalFiles("renders"), Optional.empty());
  }
}

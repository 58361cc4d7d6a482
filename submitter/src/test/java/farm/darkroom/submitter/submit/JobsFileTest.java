package farm.darkroom.submitter.submit;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import farm.darkroom.common.FarmException;
import farm.darkroom.common.job.RenderJob;
import farm.darkroom.common.json.Json;
import java.io.IOException;
import java.nio.charset.Charset;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.function.UnaryOperator;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class JobsFileTest {
  private static final String GOOD = "{\"model\":\"demo\",\"prompt\":\"a cube\"}";

  @TempDir Path folder;

  @Test
  void oneBadLineOfFortyIsNamedAndNothingIsRead() throws IOException {
    List<String> lines = new ArrayList<>(Collections.nCopies(40, GOOD));
    lines.set(16, "{\"model\":\"demo\",\"promt\":\"a cube\"}");
    Path file = Files.write(folder.resolve("jobs.jsonl"), lines);
    assertThatThrownBy(() -> read(file))
        .isInstanceOf(FarmException.class)
        .hasMessageContaining("jobs.jsonl, line 17: ")
        .hasMessageContaining("promt")
        .hasMessageNotContaining("\n");
  }

  @Test
  void fileWithoutJobsIsRefused() throws IOException {
    Path file = Files.writeString(folder.resolve("empty.jsonl"), "\n\n");
    assertThatThrownBy(() -> read(file)).hasMessageContaining("empty.jsonl: found no jobs");
  }

  @Test
  void missingFileAndBinaryFileAreRefused() throws IOException {
    assertThatThrownBy(() -> read(folder.resolve("none")))
        .hasMessageContaining("none: there is no such file");
    Path file = Files.write(folder.resolve("picture"), new byte[] {(byte) 0xff, (byte) 0xd8});
    assertThatThrownBy(() -> read(file))
        .isInstanceOf(FarmException.class)
        .hasMessage(file + " cannot be read: it is no UTF-8 text");
  }

  /** As some shells write what is sent into a file. */
  @ParameterizedTest
  @ValueSource(strings = {"UTF-16LE", "UTF-16BE"})
  void aFileInUtf16IsSaidToBe(String encoding) throws IOException {
    Path file = folder.resolve("jobs.jsonl");
    Files.writeString(file, "\uFEFF" + GOOD + "\n", Charset.forName(encoding));
    assertThatThrownBy(() -> read(file))
        .isInstanceOf(FarmException.class)
        .hasMessageStartingWith(file + ": found UTF-16, allowed: UTF-8;");
  }

  @Test
  void folderIsReportedAsOne() {
    assertThatThrownBy(() -> read(folder)).hasMessageContaining("it is a folder");
  }

  /** As shells pass one for {@code --file <(program)}; a pipe has no position to ask for. */
  @Test
  void jobsComeThroughAPipe() throws Exception {
    Path jobs = Files.writeString(folder.resolve("jobs.jsonl"), GOOD + "\n");
    Path pipe = folder.resolve("pipe");
    assertThat(new ProcessBuilder("mkfifo", pipe.toString()).start().waitFor()).isZero();
    Process writer =
        new ProcessBuilder("sh", "-c", "cat \"$0\" > \"$1\"", jobs.toString(), pipe.toString())
            .start();
    try {
      assertThat(jobs(pipe)).hasSize(1);
    } finally {
      writer.destroy();
    }
  }

  @Test
  void defaultsFillWhatLinesLeaveOut() throws IOException {
    Path file = Files.writeString(folder.resolve("jobs.jsonl"), "{\"prompt\":\"a cube\"}");
    assertThat(
            new JobsFile(file.toString())
                .read(Json.object().put("model", "mine"), UnaryOperator.identity()))
        .singleElement()
        .satisfies(job -> assertThat(job.model()).isEqualTo("mine"));
  }

  @Test
  void aFileWithoutLineBreaksIsRefusedBeforeItFillsTheMemory() throws IOException {
    Path file = Files.write(folder.resolve("long.jsonl"), new byte[17 << 20]);
    assertThatThrownBy(() -> read(file))
        .isInstanceOf(FarmException.class)
        .hasMessageContaining("long.jsonl, line 1: found more than 16777216 characters");
  }

  @Test
  void linesEndAsOnEverySystem() throws IOException {
    Path file = Files.writeString(folder.resolve("dos.jsonl"), GOOD + "\r\n\r\n" + GOOD);
    assertThat(new JobsFile(file.toString()).read(Json.object(), UnaryOperator.identity()))
        .hasSize(2);
  }

  @ParameterizedTest
  @ValueSource(strings = {"job.json", "job.txt"})
  void aJobOverSeveralLinesIsTheSameAsOnOne(String name) throws IOException {
    Path line = Files.writeString(folder.resolve("jobs.jsonl"), GOOD);
    Path whole = Files.writeString(folder.resolve(name), Json.parse(GOOD).toPrettyString());
    assertThat(jobs(whole)).hasSize(1).isEqualTo(jobs(line));
  }

  @ParameterizedTest
  @ValueSource(strings = {"[%s,%s]", "\n[\n  %s,\n  %s\n]\n", "%s\n%s\n"})
  void aListOfJobsIsThatOfTheirLines(String form) throws IOException {
    Path file = Files.writeString(folder.resolve("jobs.json"), form.formatted(GOOD, GOOD));
    assertThat(jobs(file)).hasSize(2);
  }

  @Test
  void wholeFileErrorIsOneComplaint() throws IOException {
    refused("{\n  \"prompt\": \"a cube\",\n}\n", "job.json: not JSON at line 3");
    refused("{\n  \"model\": \"demo\",\n  \"promt\": \"a\"\n}", "job.json: $.");
    refused("[%s, {\"model\": \"demo\"}]".formatted(GOOD), "job.json, job 2: $.prompt: missing");
    refused("[]", "job.json: found no jobs");
  }

  @ParameterizedTest
  @ValueSource(strings = {"{", "[", "{\"model\": \"demo\",", "[{\"model\": \"demo\","})
  void aBrokenJobOverSeveralLinesIsOneComplaintWhateverItsName(String first) throws IOException {
    String text = first + "\n  \"prompt\": }\n";
    Path file = Files.writeString(folder.resolve("jobs.txt"), text);
    assertThatThrownBy(() -> read(file))
        .isInstanceOf(FarmException.class)
        .hasMessageContaining("jobs.txt: not JSON at line 2, column ")
        .hasMessageNotContaining(" | ");
  }

  private void refused(String text, String because) throws IOException {
    Path file = Files.writeString(folder.resolve("job.json"), text);
    assertThatThrownBy(() -> read(file))
        .isInstanceOf(FarmException.class)
        .hasMessageContaining(because)
        .hasMessageNotContaining("line 1");
  }

  @Test
  void aLongFileOfLinesIsReadAsLines() throws IOException {
    String line = "{\"model\":\"demo\",\"prompt\":\"%s\"}".formatted("cube ".repeat(3_000));
    Path file = Files.write(folder.resolve("jobs.jsonl"), Collections.nCopies(300, line));
    assertThat(jobs(file)).hasSize(300);
  }

  @Test
  void aLongListIsRefusedAsAWhole() throws IOException {
    String job = "{\"model\":\"demo\",\"prompt\":\"%s\"}".formatted("cube ".repeat(3_000));
    String list = String.join(",\n", Collections.nCopies(300, job));
    Path file = Files.writeString(folder.resolve("jobs.json"), "[" + list + "]");
    assertThatThrownBy(() -> read(file))
        .hasMessageContaining("jobs.json: found one value of more than 4 MiB")
        .hasMessageNotContaining("line 1");
  }

  @Test
  void moreThanAMillionJobsAreRefusedWithoutMakingThem() throws IOException {
    String thousand =
        IntStream.range(0, 1000)
            .mapToObj(String::valueOf)
            .collect(Collectors.joining(",", "[", "]"));
    String sweep =
        "{\"prompt\":\"a cube\",\"model\":\"demo\",\"matrix\":{\"seed\":%s,\"guidance_scale\":%s}}"
            .formatted(thousand, thousand);
    Path file = Files.write(folder.resolve("jobs.jsonl"), List.of(GOOD, sweep));
    assertThatThrownBy(() -> read(file))
        .isInstanceOf(FarmException.class)
        .hasMessageContaining("line 2: found more than 1000000 jobs");
  }

  private static void read(Path file) {
    assertThat(jobs(file)).isEmpty();
  }

  private static List<RenderJob> jobs(Path file) {
    return new JobsFile(file.toString()).read(Json.object(), UnaryOperator.identity());
  }
}

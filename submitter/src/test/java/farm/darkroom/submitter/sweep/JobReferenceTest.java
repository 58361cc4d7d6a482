package farm.darkroom.submitter.sweep;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowable;

import farm.darkroom.common.job.RenderJob;
import farm.darkroom.common.json.Json;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.regex.Pattern;
import org.junit.jupiter.api.Test;

/** What docs/jobs.md shows is true. */
class JobReferenceTest {
  private static final Pattern EXAMPLE = Pattern.compile("```json\n(.*?)```", Pattern.DOTALL);
  private static final Pattern NAME = Pattern.compile("`([a-z_0-9]+)`");

  private final String page = read();

  @Test
  void itsExamplesAreJobs() {
    List<Long> counts =
        EXAMPLE
            .matcher(page)
            .results()
            .map(
                example ->
                    new JobLines(Json.object(), job -> job).expand(Json.parse(example.group(1))))
            .map(jobs -> jobs.map(RenderJob::toJson).count())
            .toList();
    assertThat(counts).containsExactly(1L, 1L, 24L);
  }

  @Test
  void itsFieldsExist() {
    List<String> fields =
        page.lines()
            .takeWhile(line -> !line.equals("## Samplers"))
            .filter(line -> line.startsWith("| `"))
            .map(line -> line.substring(0, line.indexOf('|', 1)))
            .flatMap(cell -> NAME.matcher(cell).results())
            .map(name -> name.group(1))
            .toList();
    assertThat(fields).hasSizeGreaterThan(35).allSatisfy(JobReferenceTest::isKnown);
  }

  /** A field of a wrong type is refused by name; one that does not exist as unknown. */
  private static void isKnown(String field) {
    String json = "{\"" + field + "\": {\"\": 0}}";
    assertThat(catchThrowable(() -> RenderJob.fromJson(Json.parse(json))))
        .hasMessageNotContaining("$." + field + ": unknown field");
  }

  private static String read() {
    try {
      return Files.readString(Path.of("..", "docs", "jobs.md"));
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }
}

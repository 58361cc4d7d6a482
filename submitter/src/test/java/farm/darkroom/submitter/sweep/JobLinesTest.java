package farm.darkroom.submitter.sweep;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.tuple;

import farm.darkroom.common.job.RenderJob;
import farm.darkroom.common.json.Json;
import java.util.Collections;
import java.util.Random;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;

class JobLinesTest {
  private static final String GOOD = "{\"prompt\": \"a cube\"}";
  private final JobLines lines =
      new JobLines(Json.object().put("model", "demo").put("seed", 4), job -> job);

  @Test
  void defaultsFillOmittedFields() {
    assertThat(lines.read(Stream.of(GOOD, "", "{\"prompt\": \"b\", \"seed\": 9}", "  ")))
        .extracting(job -> job.seed().getAsLong(), job -> job.prompts().prompt())
        .containsExactly(tuple(4L, "a cube"), tuple(9L, "b"));
  }

  @Test
  void aLineMayBeASweep() {
    String sweep = "{\"prompt\": \"x\", \"matrix\": {\"seed\": [1, 2, 3]}}";
    assertThat(lines.read(Stream.of(GOOD, sweep)))
        .extracting(job -> job.seed().getAsLong())
        .containsExactly(4L, 1L, 2L, 3L);
  }

  @Test
  void namesTheBadLines() {
    Stream<String> file =
        Stream.concat(
            Collections.nCopies(16, GOOD).stream(),
            Stream.of("{\"prompt\": \"x\" \"seed\": 1}", GOOD, "[]", "{\"promt\": \"x\"}"));
    assertThatThrownBy(() -> lines.read(file))
        .hasMessageStartingWith("line 17: not JSON at column 1")
        .hasMessageContaining(" | line 19: $: found a list of 0, allowed: an object")
        .hasMessageContaining("line 20: $.prompt: missing")
        .hasMessageContaining("$.promt: unknown field; did you mean prompt?");
  }

  @Test
  void linesThatAreNoJsonAreSaidOnce() {
    assertThatThrownBy(() -> lines.read(Stream.of("a red cube", "a blue ball")))
        .hasMessage(
            "line 1: found \"a red cube\", expected a job in JSON, such as"
                + " {\"model\": \"demo\", \"prompt\": \"a red cube\"}");
    assertThatThrownBy(() -> lines.read(Stream.of(GOOD, "{", "\"prompt\": \"x\"", "}")))
        .hasMessageStartingWith("line 2: found a job that does not end on its line, expected")
        .hasMessageEndingWith(" a file that ends in .json");
    assertThatThrownBy(() -> lines.read(Stream.of(GOOD + ",", GOOD)))
        .hasMessageStartingWith("line 1: not JSON at column %d".formatted(GOOD.length() + 1))
        .hasMessageContaining("Unexpected character (',')");
  }

  @Test
  void countedJobsHaveSeedsOfTheirOwn() {
    RenderJob job =
        lines
            .expand(Json.parse("{\"prompt\":\"x\",\"num_images_per_prompt\":2}"))
            .findFirst()
            .get();
    assertThat(new Seeding(() -> 77).seeded(job, 3))
        .extracting(j -> j.seed().getAsLong())
        .containsExactly(4L, 6L, 8L);
  }

  @Test
  void seedsBeyondTheLastAreRefusedWithTheOneThatWasAskedFor() {
    RenderJob job =
        RenderJob.fromJson(
            Json.parse("{\"model\":\"demo\",\"prompt\":\"x\",\"seed\":9223372036854775806}"));
    assertThat(new Seeding(() -> 77).seeded(job, 2)).hasSize(2);
    assertThatThrownBy(() -> new Seeding(() -> 77).seeded(job, 3))
        .hasMessage(
            "$.seed: found 9223372036854775806, allowed for 3 images: 0 to 9223372036854775805");
  }

  @Test
  void aMissingSeedIsDrawnOnce() {
    RenderJob job = RenderJob.fromJson(Json.parse("{\"model\":\"demo\",\"prompt\":\"x\"}"));
    assertThat(new Seeding(() -> 77).seeded(job, 2))
        .extracting(j -> j.seed().getAsLong())
        .containsExactly(77L, 78L);
    assertThat(Seeding.random(new Random(1)).seeded(job, 1))
        .allSatisfy(j -> assertThat(j.seed().getAsLong()).isBetween(0L, (1L << 32) - 1));
  }
}

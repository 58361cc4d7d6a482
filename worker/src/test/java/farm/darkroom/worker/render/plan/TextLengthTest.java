package farm.darkroom.worker.render.plan;

import static org.assertj.core.api.Assertions.assertThat;

import farm.darkroom.common.job.RenderJob;
import java.nio.charset.StandardCharsets;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class TextLengthTest {
  private static final String LONG = "a red ball on green grass, ".repeat(20);

  @Test
  void plainTextIsOneChunk() {
    assertThat(length("'prompt': '%s'".formatted(LONG))).isEqualTo(77);
  }

  @ParameterizedTest
  @ValueSource(strings = {"prompt", "prompt_2", "negative_prompt", "negative_prompt_2"})
  void longestOfTheFourTextsDecides(String field) {
    int found = length("'%s': '%s', 'prompt_syntax': 'weighted'".formatted(field, LONG));
    assertThat(found).isBetween(77 * 3, 77 * 5);
  }

  @Test
  void breaksBeginChunks() {
    assertThat(length("'prompt': 'a BREAK b BREAK c', 'prompt_syntax': 'weighted'"))
        .isEqualTo(3 * 77);
  }

  /** The vocabulary is of bytes, so that a token is one at the least. */
  @ParameterizedTest
  @ValueSource(strings = {"赤い球と青い立方体", "🎨👩‍👩‍👧🚀", "красный шар", "1234567890 ()[]{}!!!"})
  void otherCharactersCountByTheirBytes(String text) {
    String whole = (text + " ").repeat(12).strip();
    int bytes = whole.replace(" ", "").getBytes(StandardCharsets.UTF_8).length;
    assertThat(length("'prompt': '%s', 'prompt_syntax': 'weighted'".formatted(whole)))
        .isGreaterThanOrEqualTo(77 * (1 + (bytes - 1) / 75));
  }

  private static int length(String fields) {
    String json = "{'model': 'demo', 'prompt': 'a', %s}".formatted(fields).replace('\'', '"');
    String once = fields.startsWith("'prompt':") ? json.replace("\"prompt\": \"a\", ", "") : json;
    return TextLength.of(RenderJob.fromJson(once.getBytes(StandardCharsets.UTF_8)));
  }
}

package farm.darkroom.common.job;

import static org.assertj.core.api.Assertions.assertThat;

import farm.darkroom.common.json.Json;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class PromptWarningsTest {

  @ParameterizedTest
  @ValueSource(strings = {"plain", "weighted"})
  void aNetworkInAPromptIsWords(String syntax) {
    assertThat(warning("a <lora:film grain:0.8> cube", syntax))
        .hasValueSatisfying(
            line -> assertThat(line).startsWith("\"<lora:film grain:0.8>\"").contains("loras"));
  }

  @Test
  void aWeightIsOneInTheWeightedSyntaxOnly() {
    assertThat(warning("a (red cube:1.3), snow", "plain"))
        .hasValueSatisfying(
            line -> assertThat(line).startsWith("\"(red cube:1.3)\"").contains("weighted"));
    assertThat(warning("a (red cube:1.3), snow", "weighted")).isEmpty();
  }

  @ParameterizedTest
  @ValueSource(strings = {"a cube (red)", "at 12:30 (noon)", "<thing>", "(ratio: wide)", "a < b"})
  void whatNobodyObeysIsNoWarning(String prompt) {
    assertThat(warning(prompt, "plain")).isEmpty();
  }

  @Test
  void theNegativePromptCounts() {
    RenderJob job = job("{'model': 'demo', 'prompt': 'x', 'negative_prompt': '(blurry:1.4)'}");
    assertThat(PromptWarnings.of(List.of(job))).isPresent();
  }

  private static Optional<String> warning(String prompt, String syntax) {
    RenderJob plain = job("{'model': 'demo', 'prompt': 'x'}");
    RenderJob job =
        job("{'model': 'demo', 'prompt': '%s', 'prompt_syntax': '%s'}".formatted(prompt, syntax));
    return PromptWarnings.of(List.of(plain, job));
  }

  private static RenderJob job(String json) {
    return RenderJob.fromJson(Json.parse(json.replace('\'', '"')));
  }
}

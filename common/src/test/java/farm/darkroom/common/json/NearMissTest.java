package farm.darkroom.common.json;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class NearMissTest {
  private static final List<String> FIELDS =
      List.of("prompt", "prompt_2", "seed", "height", "width", "num_inference_steps", "strength");

  @ParameterizedTest
  @CsvSource({
    "promt, prompt",
    "sede, seed",
    "Prompt2, prompt_2",
    "steps, num_inference_steps",
    "numInferenceSteps, num_inference_steps",
    "hieght, height",
    "widht, width"
  })
  void findsWhatWasMeant(String typed, String meant) {
    assertThat(NearMiss.find(typed, FIELDS)).contains(meant);
  }

  @Test
  void isSilentWhenNothingIsNear() {
    assertThat(NearMiss.find("banana", FIELDS)).isEmpty();
    assertThat(NearMiss.find("x".repeat(10_000), FIELDS)).isEmpty();
    assertThat(NearMiss.hint("banana", FIELDS)).isEmpty();
    assertThat(NearMiss.hint("-p", List.of("-h", "-V"))).isEmpty();
  }

  @ParameterizedTest
  @CsvSource({"abc, abc, 0", "abc, acb, 1", "abc, ab, 1", "abc, axc, 1", "kitten, sitting, 3"})
  void countsEdits(String a, String b, int edits) {
    assertThat(NearMiss.distance(a, b)).isEqualTo(edits);
    assertThat(NearMiss.distance(b, a)).isEqualTo(edits);
  }
}

package farm.darkroom.sdxl.text;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import com.fasterxml.jackson.databind.JsonNode;
import java.util.List;
import java.util.stream.Collectors;
import net.jqwik.api.Arbitraries;
import net.jqwik.api.Arbitrary;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.Provide;
import net.jqwik.api.constraints.IntRange;
import org.junit.jupiter.api.Test;

class PromptAttentionTest {
  @Test
  void promptsMeanWhatTheWebUiTakesThemFor() {
    for (JsonNode golden : TextGoldens.json("weighted_texts.json")) {
      String text = golden.path("text").asText();
      List<PromptPart> parts = PromptAttention.parse(text);
      assertThat(parts).as(text).hasSize(golden.path("parts").size());
      for (int i = 0; i < parts.size(); i++) {
        JsonNode expected = golden.path("parts").path(i);
        if (parts.get(i) instanceof PromptPart.Words words) {
          assertThat(words.text()).as(text).isEqualTo(expected.path(0).asText());
          double weight = expected.path(1).asDouble();
          assertThat(words.weight()).as(text).isCloseTo(weight, within(1e-9));
        } else {
          assertThat(expected.isNull()).as(text).isTrue();
        }
      }
    }
  }

  @Test
  void aWeightHasAnyNumberOfDigits() {
    assertThat(PromptAttention.parse("(red:12345)"))
        .containsExactly(new PromptPart.Words("red", 12345));
    assertThat(PromptAttention.parse("(red:0.12345678901234)"))
        .containsExactly(new PromptPart.Words("red", 0.12345678901234));
    String huge = "red:" + "9".repeat(39);
    assertThat(PromptAttention.parse("(" + huge + ")"))
        .containsExactly(new PromptPart.Words(huge, 1.1));
  }

  @Test
  void spacesAndLettersAreThoseOfAnyScript() {
    assertThat(PromptAttention.parse("(red:\u00a01.5\u3000)"))
        .containsExactly(new PromptPart.Words("red", 1.5));
    assertThat(PromptAttention.parse("\u00e9BREAK"))
        .containsExactly(new PromptPart.Words("\u00e9BREAK", 1));
    assertThat(PromptAttention.parse("red\u3000BREAK\u3000cube"))
        .containsExactly(
            new PromptPart.Words("red", 1),
            new PromptPart.Break(),
            new PromptPart.Words("cube", 1));
  }

  @Property
  void everyTextParsesIntoDifferentNeighbours(@ForAll("prompts") String text) {
    List<PromptPart> parts = PromptAttention.parse(text);
    for (int i = 0; i < parts.size(); i++) {
      if (parts.get(i) instanceof PromptPart.Words words) {
        assertThat(words.text()).isNotEmpty();
        assertThat(words.weight()).isFinite();
        if (i > 0 && parts.get(i - 1) instanceof PromptPart.Words before) {
          assertThat(before.weight()).isNotEqualTo(words.weight());
        }
      }
    }
  }

  @Property
  void nothingButBracketsWeightsAndBackslashesIsLost(@ForAll("prompts") String text) {
    String letters = text.replaceAll("[^a-c,]", "");
    assertThat(plain(PromptAttention.parse(text)).replaceAll("[^a-c,]", "")).isEqualTo(letters);
  }

  @Property
  void anEscapedTextIsItself(@ForAll("prompts") String text) {
    List<PromptPart> parts = PromptAttention.parse(escaped(text));
    assertThat(parts)
        .isEqualTo(text.isEmpty() ? List.of() : List.of(new PromptPart.Words(text, 1)));
  }

  @Property
  void aWeightIsTheWeightOfAllWithin(
      @ForAll("prompts") String text, @ForAll @IntRange(min = -300, max = 300) int hundredths) {
    String inner = "x" + text;
    String prompt = "(" + escaped(inner) + ":" + hundredths / 100.0 + ")";
    assertThat(PromptAttention.parse(prompt))
        .containsExactly(new PromptPart.Words(inner, hundredths / 100.0));
  }

  @Property
  void bracketsNest(@ForAll @IntRange(max = 12) int round, @ForAll @IntRange(max = 12) int square) {
    String prompt =
        "(".repeat(round) + "[".repeat(square) + "x" + "]".repeat(square) + ")".repeat(round);
    List<PromptPart> parts = PromptAttention.parse(prompt);
    assertThat(parts).hasSize(1);
    double weight = ((PromptPart.Words) parts.get(0)).weight();
    assertThat(weight).isCloseTo(Math.pow(1.1, round - square), within(1e-9));
  }

  @Provide
  Arbitrary<String> prompts() {
    return Arbitraries.strings().withChars("abc,:.1 ()[]\\é").ofMaxLength(30);
  }

  private static String escaped(String text) {
    return text.replaceAll("[\\\\()\\[\\]]", "\\\\$0");
  }

  private static String plain(List<PromptPart> parts) {
    return parts.stream()
        .map(part -> part instanceof PromptPart.Words words ? words.text() : "")
        .collect(Collectors.joining());
  }
}

package farm.darkroom.sdxl.text;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.fasterxml.jackson.databind.JsonNode;
import farm.darkroom.sdxl.SdxlException;
import java.util.Arrays;
import java.util.List;
import java.util.stream.Collectors;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.constraints.IntRange;
import net.jqwik.api.lifecycle.AfterContainer;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.Test;

class ChunkBuilderTest {
  private static CLIPTokenizer shared;

  private static CLIPTokenizer tokenizer() {
    if (shared == null) {
      shared = CLIPTokenizer.open(TextGoldens.DEMO.resolve("base").resolve("tokenizer"));
    }
    return shared;
  }

  @AfterAll
  @AfterContainer
  static void close() {
    if (shared != null) {
      shared.close();
      shared = null;
    }
  }

  @Test
  void chunksHaveTheWebUisLengths() {
    for (JsonNode golden : TextGoldens.json("weighted_texts.json")) {
      String text = golden.path("text").asText();
      assertThat(chunks(text).stream().mapToLong(ChunkBuilderTest::tokens).toArray())
          .as(text)
          .containsExactly(TextGoldens.longs(golden.path("tokens")));
    }
  }

  @Property(tries = 100)
  void everyTokenIsInOneChunkInOrder(
      @ForAll @IntRange(max = 120) int first, @ForAll @IntRange(max = 120) int second) {
    String text = "red ".repeat(first) + ", " + "blue cube ".repeat(second);
    List<TextChunk> chunks = chunks(text);
    String found =
        chunks.stream()
            .flatMap(chunk -> Arrays.stream(chunk.ids()).limit(tokens(chunk) + 1).skip(1).boxed())
            .map(String::valueOf)
            .collect(Collectors.joining(" "));
    String expected =
        Arrays.stream(tokenizer().ids(text))
            .mapToObj(String::valueOf)
            .collect(Collectors.joining(" "));
    assertThat(found).isEqualTo(expected);
    assertThat(chunks).allSatisfy(chunk -> assertThat(chunk.ids()).hasSize(77));
  }

  @Test
  void onlyTheWordsAreWeighted() {
    TextChunk chunk = chunks("red (blue:1.5) cube").get(0);
    assertThat(chunk.weighted()).isTrue();
    assertThat(Arrays.copyOf(chunk.weights(), 6)).containsExactly(1, 1, 1.5f, 1, 1, 1);
    assertThat(chunks("red blue cube").get(0).weighted()).isFalse();
  }

  @Test
  void theVectorsOfAWordStayTogether() {
    try (CLIPTokenizer tokenizer = tokenizer().with(List.of(new AddedToken("<thing>", 828, 4)))) {
      List<PromptPart> parts = PromptAttention.parse("red ".repeat(73) + "<thing> cube");
      List<TextChunk> chunks = ChunkBuilder.chunks(tokenizer, 77, parts);
      assertThat(tokens(chunks.get(0))).isEqualTo(73);
      assertThat(Arrays.copyOfRange(chunks.get(1).ids(), 1, 5)).containsExactly(828, 829, 830, 831);
    }
  }

  @Test
  void aWordOfTooManyVectorsIsRefused() {
    try (CLIPTokenizer tokenizer = tokenizer().with(List.of(new AddedToken("<thing>", 828, 76)))) {
      List<PromptPart> parts = PromptAttention.parse("a <thing>");
      assertThatThrownBy(() -> ChunkBuilder.chunks(tokenizer, 77, parts))
          .isInstanceOf(SdxlException.class)
          .hasMessage("an embedding of 76 vectors; a prompt has room for 75");
    }
  }

  private static List<TextChunk> chunks(String text) {
    return ChunkBuilder.chunks(tokenizer(), 77, PromptAttention.parse(text));
  }

  /** Ids between begin and end. */
  private static long tokens(TextChunk chunk) {
    return Arrays.stream(chunk.ids()).takeWhile(id -> id != tokenizer().eos()).count() - 1;
  }
}

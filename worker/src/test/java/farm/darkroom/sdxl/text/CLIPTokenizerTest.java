package farm.darkroom.sdxl.text;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import farm.darkroom.sdxl.SdxlException;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class CLIPTokenizerTest {
  private static final Path BASE = TextGoldens.DEMO.resolve("base");

  @TempDir Path folder;

  @Test
  void idsAndPromptsAreThoseOfTransformers() {
    JsonNode cases = TextGoldens.json("tokens.json");
    assertThat(cases.size()).isGreaterThan(60);
    String[] names = {"tokenizer", "tokenizer_2"};
    for (int i = 0; i < names.length; i++) {
      try (CLIPTokenizer tokenizer = CLIPTokenizer.open(BASE.resolve(names[i]))) {
        for (JsonNode golden : cases) {
          agree(tokenizer, golden.path("text").asText(), golden.path("tokenizers").path(i));
        }
      }
    }
  }

  private static void agree(CLIPTokenizer tokenizer, String text, JsonNode golden) {
    long[] ids = tokenizer.ids(text);
    assertThat(ids).as(text).containsExactly(TextGoldens.longs(golden.path("ids")));
    ChunkedText prompt = tokenizer.fit(text, 77);
    assertThat(prompt.chunks()).hasSize(1);
    assertThat(prompt.chunks().get(0).ids())
        .as(text)
        .containsExactly(TextGoldens.longs(golden.path("padded")));
    assertThat(prompt.removed().orElse(null))
        .as(text)
        .isEqualTo(golden.path("removed").textValue());
  }

  @Test
  void specialTokensAreReadFromEachKindOfConfig() throws IOException {
    for (JsonNode golden : TextGoldens.json("tokenizer_configs.json")) {
      String name = golden.path("name").asText();
      Path own = copy("vocab.json", "merges.txt").resolve(name);
      Files.createDirectories(own);
      Files.copy(folder.resolve("vocab.json"), own.resolve("vocab.json"));
      Files.copy(folder.resolve("merges.txt"), own.resolve("merges.txt"));
      for (Map.Entry<String, JsonNode> file : golden.path("files").properties()) {
        Files.writeString(own.resolve(file.getKey()), file.getValue().toString());
      }
      try (CLIPTokenizer tokenizer = CLIPTokenizer.open(own)) {
        assertThat(tokenizer.pad()).as(name).isEqualTo(golden.path("pad").asLong());
        for (int i = 0; i < golden.path("texts").size(); i++) {
          assertThat(tokenizer.ids(golden.path("texts").path(i).asText()))
              .as(name)
              .containsExactly(TextGoldens.longs(golden.path("ids").path(i)));
        }
      }
    }
  }

  @Test
  void aTokenizerJsonTakesThePlaceOfVocabularyAndMerges() throws IOException {
    copy("tokenizer_config.json");
    ObjectMapper json = new ObjectMapper();
    ObjectNode root = json.createObjectNode();
    ObjectNode model = root.putObject("model").put("type", "BPE");
    model.set("vocab", json.readTree(BASE.resolve("tokenizer/vocab.json").toFile()));
    ArrayNode merges = model.putArray("merges");
    Files.readAllLines(BASE.resolve("tokenizer/merges.txt")).stream()
        .skip(1)
        .forEach(line -> merges.addArray().add(line.split(" ")[0]).add(line.split(" ")[1]));
    Files.writeString(folder.resolve("tokenizer.json"), root.toString());
    try (CLIPTokenizer whole = CLIPTokenizer.open(folder);
        CLIPTokenizer parts = CLIPTokenizer.open(BASE.resolve("tokenizer"))) {
      String text = "a shiny red sphere, 日本 it's";
      assertThat(whole.ids(text)).containsExactly(parts.ids(text));
    }
  }

  @Test
  void halfACharacterIsReplaced() {
    try (CLIPTokenizer tokenizer = CLIPTokenizer.open(BASE.resolve("tokenizer"))) {
      assertThat(tokenizer.ids("a \ud83d b")).containsExactly(tokenizer.ids("a \ufffd b"));
    }
  }

  @Test
  void missingFilesAreNamed() throws IOException {
    assertThatThrownBy(() -> CLIPTokenizer.open(folder))
        .isInstanceOf(SdxlException.class)
        .hasMessageContaining("vocab.json: no such file");
    copy("vocab.json");
    assertThatThrownBy(() -> CLIPTokenizer.open(folder))
        .isInstanceOf(SdxlException.class)
        .hasMessageContaining("merges.txt: no such file");
    copy("merges.txt");
    Files.writeString(folder.resolve("tokenizer_config.json"), "{\"pad_token\": \"<pad>\"}");
    assertThatThrownBy(() -> CLIPTokenizer.open(folder))
        .isInstanceOf(SdxlException.class)
        .hasMessageContaining("pad_token <pad> is not in the vocabulary");
  }

  @Test
  void lengthThatIsNoNumberIsRefused() throws IOException {
    copy("vocab.json", "merges.txt");
    Path config = folder.resolve("tokenizer_config.json");
    Files.writeString(config, "{\"model_max_length\": \"77\"}");
    assertThatThrownBy(() -> CLIPTokenizer.open(folder))
        .isInstanceOf(SdxlException.class)
        .hasMessage(config + ": model_max_length is \"77\"; supported: a number");
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        "padding_side|\"left\"|right",
        "split_special_tokens|true|false",
      })
  void whatWouldChangeIdsAndIsNotDoneIsRefused(String key, String found, String supported)
      throws IOException {
    copy("vocab.json", "merges.txt");
    Path config = folder.resolve("tokenizer_config.json");
    Files.writeString(config, "{\"%s\": %s}".formatted(key, found));
    assertThatThrownBy(() -> CLIPTokenizer.open(folder))
        .isInstanceOf(SdxlException.class)
        .hasMessage("%s: %s is %s; supported: %s".formatted(config, key, found, supported));
  }

  /** diffusers replaces letters in no order there, so a word may break up another. */
  @Test
  void wordsThatLieInOneAnotherAreEachFound() {
    List<AddedToken> words =
        List.of(new AddedToken("sty", 828, 2), new AddedToken("my_style", 830, 2));
    try (CLIPTokenizer plain = CLIPTokenizer.open(BASE.resolve("tokenizer"));
        CLIPTokenizer tokenizer = plain.with(words)) {
      assertThat(tokenizer.ids("sty my_style")).containsExactly(828, 829, 830, 831);
    }
  }

  @Test
  void anAddedTokenUnderAnothersIdIsCounted() throws IOException {
    copy("vocab.json", "merges.txt");
    String table = "{\"added_tokens_decoder\": {\"100\": {\"content\": \"cube\"}}}";
    Files.writeString(folder.resolve("tokenizer_config.json"), table);
    try (CLIPTokenizer tokenizer = CLIPTokenizer.open(folder)) {
      assertThat(tokenizer.ids("a cube")).containsExactly(320, 828);
      assertThat(tokenizer.vocabularySize()).isEqualTo(829);
    }
  }

  @Test
  void brokenMergesAreRefusedInOneLine() throws IOException {
    copy("vocab.json");
    Files.writeString(folder.resolve("merges.txt"), "#version: 0.2\nnot-a-token of\n");
    assertThatThrownBy(() -> CLIPTokenizer.open(folder))
        .isInstanceOf(SdxlException.class)
        .hasMessageContaining("no CLIP tokenizer")
        .hasMessageContaining("not-a-token");
  }

  private Path copy(String... names) throws IOException {
    for (String name : names) {
      Files.copy(
          BASE.resolve("tokenizer").resolve(name),
          folder.resolve(name),
          java.nio.file.StandardCopyOption.REPLACE_EXISTING);
    }
    return folder;
  }
}

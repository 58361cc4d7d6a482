package farm.darkroom.sdxl.text;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import farm.darkroom.sdxl.SdxlException;
import farm.darkroom.sdxl.snapshot.ConfigReader;
import farm.darkroom.sdxl.snapshot.JsonFile;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;
import java.util.OptionalInt;

/**
 * What a tokenizer folder says: vocabulary and merges (from tokenizer.json where there is one, else
 * vocab.json and merges.txt) and the special tokens.
 *
 * @param vocabulary token to id
 * @param merges pairs, most frequent first
 * @param modelMaxLength tokens of a prompt, bos and eos among them; empty if no file says so
 */
record TokenizerFiles(
    Path folder,
    ObjectNode vocabulary,
    ArrayNode merges,
    SpecialTokens specials,
    OptionalInt modelMaxLength) {
  private static final String CONFIG = "tokenizer_config.json";

  static TokenizerFiles read(Path folder) {
    JsonNode config = optional(folder.resolve(CONFIG));
    refuseOthers(new ConfigReader(folder.resolve(CONFIG), config));
    JsonNode map = optional(folder.resolve("special_tokens_map.json"));
    JsonNode whole = optional(folder.resolve("tokenizer.json"));
    SpecialTokens specials = SpecialTokens.read(config, map, whole);
    JsonNode model = whole.path("model");
    return model.isObject()
        ? new TokenizerFiles(
            folder, vocabulary(model, folder), pairs(model), specials, max(config, folder))
        : new TokenizerFiles(
            folder, vocabulary(folder), merges(folder), specials, max(config, folder));
  }

  /** Settings that transformers honours, but that are not supported here. */
  private static void refuseOthers(ConfigReader config) {
    config.only("padding_side", "right");
    config.only("split_special_tokens", false);
  }

  /** transformers writes 1e30 for "no limit"; that is no int, and no limit here either. */
  private static OptionalInt max(JsonNode config, Path folder) {
    JsonNode length = config.path("model_max_length");
    if (!length.isNumber() && !length.isMissingNode() && !length.isNull()) {
      throw new ConfigReader(folder.resolve(CONFIG), config)
          .refusal("model_max_length", "a number");
    }
    return length.isIntegralNumber() && length.canConvertToInt()
        ? OptionalInt.of(length.asInt())
        : OptionalInt.empty();
  }

  /**
   * The id of a special token, such as {@code pad_token}.
   *
   * @throws SdxlException when no file gives it one
   */
  long id(String key) {
    SpecialToken token = specials.named().get(key);
    JsonNode id = vocabulary.path(token.content());
    if (id.isIntegralNumber()) {
      return id.asLong();
    }
    return specials.table().entrySet().stream()
        .filter(e -> e.getValue().content().equals(token.content()))
        .map(Map.Entry::getKey)
        .findFirst()
        .orElseThrow(
            () ->
                new SdxlException(
                    folder + ": " + key + " " + token.content() + " is not in the vocabulary"));
  }

  /**
   * The largest id, plus one. Added tokens that the vocabulary has not are numbered behind it,
   * whatever id their table gives them.
   */
  long size() {
    long size = 0;
    for (JsonNode id : vocabulary) {
      size = Math.max(size, id.asLong() + 1);
    }
    long added =
        specials.table().values().stream()
            .map(SpecialToken::content)
            .distinct()
            .filter(content -> !vocabulary.has(content))
            .count();
    long last = specials.table().keySet().stream().mapToLong(id -> id + 1).max().orElse(0);
    return Math.max(size + added, last);
  }

  private static JsonNode optional(Path file) {
    return Files.isRegularFile(file)
        ? JsonFile.object(file)
        : JsonNodeFactory.instance.objectNode();
  }

  private static ObjectNode vocabulary(JsonNode model, Path folder) {
    if (model.path("vocab") instanceof ObjectNode vocabulary) {
      return vocabulary;
    }
    throw new SdxlException(folder.resolve("tokenizer.json") + ": model.vocab is no object");
  }

  private static ObjectNode vocabulary(Path folder) {
    return JsonFile.object(folder.resolve("vocab.json"));
  }

  /** Older files write a merge as {@code "a b"}, newer ones as {@code ["a", "b"]}. */
  private static ArrayNode pairs(JsonNode model) {
    ArrayNode pairs = JsonNodeFactory.instance.arrayNode();
    for (JsonNode merge : model.path("merges")) {
      pairs.add(
          merge.isArray() ? merge.path(0).asText() + " " + merge.path(1).asText() : merge.asText());
    }
    return pairs;
  }

  private static ArrayNode merges(Path folder) {
    Path file = folder.resolve("merges.txt");
    try {
      ArrayNode merges = JsonNodeFactory.instance.arrayNode();
      Files.readAllLines(file).stream()
          .filter(line -> !line.startsWith("#version") && !line.isBlank())
          .forEach(merges::add);
      return merges;
    } catch (IOException e) {
      throw SdxlException.unreadable(file, e);
    }
  }
}

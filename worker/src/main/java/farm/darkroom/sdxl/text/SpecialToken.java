package farm.darkroom.sdxl.text;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.util.Optional;

/**
 * A token that is found in a text before anything else is done to it.
 *
 * @param normalized whether it is looked for in the normalised (lower-case) text
 * @param special whether it is one of the model's own; added words are not
 */
record SpecialToken(
    String content,
    boolean singleWord,
    boolean lstrip,
    boolean rstrip,
    boolean normalized,
    boolean special) {

  /** A name alone: transformers looks for special tokens in the text as written. */
  static SpecialToken named(String content) {
    return new SpecialToken(content, false, false, false, false, true);
  }

  /** A word added to the vocabulary, as {@code add_tokens} does. */
  static SpecialToken word(String content) {
    return new SpecialToken(content, false, false, false, true, false);
  }

  /** A name or an AddedToken object, as tokenizer files have them. */
  static Optional<SpecialToken> of(JsonNode node) {
    if (node.isTextual()) {
      return Optional.of(named(node.asText()));
    }
    if (!node.path("content").isTextual()) {
      return Optional.empty();
    }
    return Optional.of(
        new SpecialToken(
            node.path("content").asText(),
            node.path("single_word").asBoolean(),
            node.path("lstrip").asBoolean(),
            node.path("rstrip").asBoolean(),
            node.path("normalized").asBoolean(),
            node.path("special").asBoolean(true)));
  }

  /** The entry of tokenizer.json. */
  ObjectNode json(long id) {
    return JsonNodeFactory.instance
        .objectNode()
        .put("id", id)
        .put("content", content)
        .put("single_word", singleWord)
        .put("lstrip", lstrip)
        .put("rstrip", rstrip)
        .put("normalized", normalized)
        .put("special", special);
  }
}

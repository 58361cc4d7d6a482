package farm.darkroom.sdxl.text;

import com.fasterxml.jackson.databind.JsonNode;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;

/**
 * The special tokens of a tokenizer folder, by transformers' rules: where tokenizer_config.json has
 * a table of added tokens, it is the only file that counts; else special_tokens_map.json comes
 * before tokenizer_config.json, and CLIPTokenizer's own names after both.
 *
 * @param named {@code bos_token}, {@code eos_token}, {@code unk_token}, {@code pad_token}
 * @param table every added token by its id
 */
record SpecialTokens(Map<String, SpecialToken> named, Map<Long, SpecialToken> table) {
  private static final List<String> KEYS =
      List.of("bos_token", "eos_token", "unk_token", "pad_token");

  static SpecialTokens read(JsonNode config, JsonNode map, JsonNode tokenizerJson) {
    JsonNode decoder = config.path("added_tokens_decoder");
    Map<Long, SpecialToken> table = new TreeMap<>();
    decoder
        .properties()
        .forEach(e -> SpecialToken.of(e.getValue()).ifPresent(t -> put(table, e.getKey(), t)));
    if (decoder.isMissingNode()) {
      for (JsonNode added : tokenizerJson.path("added_tokens")) {
        SpecialToken.of(added).ifPresent(token -> table.put(added.path("id").asLong(), token));
      }
    }
    Map<String, SpecialToken> named = new LinkedHashMap<>();
    for (String key : KEYS) {
      JsonNode first = decoder.isMissingNode() ? map.path(key) : config.path(key);
      SpecialToken token =
          SpecialToken.of(first)
              .or(() -> SpecialToken.of(config.path(key)))
              .orElseGet(() -> SpecialToken.named(inDefault(key)));
      named.put(key, inTable(table, token));
    }
    return new SpecialTokens(named, table);
  }

  private static void put(Map<Long, SpecialToken> table, String id, SpecialToken token) {
    if (id.matches("[0-9]{1,9}")) {
      table.put(Long.valueOf(id), token);
    }
  }

  private static String inDefault(String key) {
    return key.equals("bos_token") ? "<|startoftext|>" : "<|endoftext|>";
  }

  /** How the table says that the token is found. */
  private static SpecialToken inTable(Map<Long, SpecialToken> table, SpecialToken token) {
    return table.values().stream()
        .filter(entry -> entry.content().equals(token.content()))
        .findFirst()
        .orElse(token);
  }
}

package farm.darkroom.common.job;

import farm.darkroom.common.json.JsonType;
import farm.darkroom.common.json.JsonTypes;
import java.util.List;

/**
 * What one field of a scheduler's config may hold.
 *
 * @param type of the values that are not null
 * @param allowsNull whether diffusers knows None there
 */
record ConfigType(JsonType<?> type, boolean allowsNull) {
  private static final double LARGEST = 1e6;

  /**
   * @param words as in schedulers.json: a type, optionally with {@code or null}, or the allowed
   *     texts with bars between
   */
  static ConfigType of(String words) {
    boolean allowsNull = words.endsWith("null");
    return new ConfigType(type(words.replace(" or null", "")), allowsNull);
  }

  private static JsonType<?> type(String word) {
    return switch (word) {
      case "boolean" -> JsonTypes.bool();
      case "integer" -> JsonTypes.integer(0, (int) LARGEST);
      case "integers" -> JsonTypes.listOf(JsonTypes.integer(0, (int) LARGEST), 0, 1000);
      case "number" -> JsonTypes.number(-LARGEST, LARGEST);
      case "numbers" -> JsonTypes.listOf(JsonTypes.number(0, 1), 1, 10_000);
      case "false" -> JsonTypes.only(false);
      case "null" -> JsonTypes.nothing();
      default -> JsonTypes.oneOf(List.of(word.split("\\|")));
    };
  }
}

package farm.darkroom.common.job;

import farm.darkroom.common.json.JsonType;
import farm.darkroom.common.json.JsonTypes;
import java.util.List;

/**
 * The type of one field of a scheduler's config.
 *
 * @param type of the values that are not null
 * @param allowsNull whether diffusers knows None there
 */
record ConfigType(JsonType<?> type, boolean allowsNull) {
  private static final String OR_NULL = " or null";
  private static final int MOST_STEPS = 1000;
  private static final int MOST_BETAS = 10_000;

  /**
   * Reads a line of schedulers.json.
   *
   * @param words a type, with {@code integer} and {@code number} a range such as {@code 0..1}, and
   *     with {@code or null} behind it where None is allowed; or the allowed texts with bars
   *     between
   */
  static ConfigType of(String words) {
    boolean allowsNull = words.endsWith("null");
    return new ConfigType(type(words.replace(OR_NULL, "")), allowsNull);
  }

  private static JsonType<?> type(String words) {
    if (words.contains("..")) {
      return ranged(words.split(" |\\.\\."));
    }
    return switch (words) {
      case "boolean" -> JsonTypes.bool();
      case "false" -> JsonTypes.only(false);
      case "null" -> JsonTypes.nothing();
      case "integers" -> JsonTypes.listOf(JsonTypes.integer(0, MOST_STEPS), 0, MOST_STEPS);
      case "numbers" -> JsonTypes.listOf(JsonTypes.number(0, 1), 1, MOST_BETAS);
      default -> JsonTypes.oneOf(List.of(words.split("\\|")));
    };
  }

  /**
   * A range.
   *
   * @param words kind, least and most
   */
  private static JsonType<?> ranged(String[] words) {
    return words[0].equals("integer")
        ? JsonTypes.integer(Integer.parseInt(words[1]), Integer.parseInt(words[2]))
        : JsonTypes.number(Double.parseDouble(words[1]), Double.parseDouble(words[2]));
  }
}

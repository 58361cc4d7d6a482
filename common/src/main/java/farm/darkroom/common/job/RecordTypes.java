package farm.darkroom.common.job;

import farm.darkroom.common.json.Found;
import farm.darkroom.common.json.JsonType;
import farm.darkroom.common.json.JsonTypes;
import java.util.Optional;
import java.util.SortedMap;
import java.util.regex.Pattern;

/** The JSON value types of a record. */
final class RecordTypes {
  private static final Pattern HEX = Pattern.compile("[0-9a-f]{64}");

  static final JsonType<String> WORD = JsonTypes.anyText();
  static final JsonType<Long> COUNT = JsonTypes.whole(0, Long.MAX_VALUE);
  static final JsonType<Double> SECONDS = JsonTypes.number(0, 1e9);
  static final JsonType<SortedMap<String, String>> WORDS = JsonTypes.mapOf(WORD, WORD, 100);
  static final JsonType<SortedMap<String, Double>> STAGES = JsonTypes.mapOf(WORD, SECONDS, 100);
  static final JsonType<String> SHA256 =
      WORD.refuse(
          text ->
              HEX.matcher(text).matches()
                  ? Optional.empty()
                  : Optional.of("found " + Found.quoted(text) + ", allowed: a SHA-256"));

  private RecordTypes() {}
}

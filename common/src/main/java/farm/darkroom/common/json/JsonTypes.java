package farm.darkroom.common.json;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.TextNode;
import java.time.Instant;
import java.time.format.DateTimeParseException;
import java.util.ArrayList;
import java.util.Collection;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.SortedMap;
import java.util.TreeMap;
import java.util.function.Function;

/** The JSON value types that the farm's documents are made of. */
public final class JsonTypes {
  private static final double LARGEST_EXACT = 0x1p53;

  private JsonTypes() {}

  public static JsonType<Boolean> bool() {
    return (value, path, problems) ->
        value.isBoolean()
            ? Optional.of(value.booleanValue())
            : refused(value, path, problems, "true or false");
  }

  /** This truth value and no other. */
  public static JsonType<Boolean> only(boolean allowed) {
    return bool()
        .refuse(
            found ->
                found == allowed
                    ? Optional.empty()
                    : Optional.of("found " + found + ", allowed: " + allowed));
  }

  /** JSON null, which is read as an absent field; anything else is refused. */
  public static JsonType<Object> nothing() {
    return (value, path, problems) -> refused(value, path, problems, "null");
  }

  /** A whole number; {@code 30.0} is one too. */
  public static JsonType<Long> whole(long min, long max) {
    return (value, path, problems) -> {
      Optional<Long> read = exactLong(value).filter(v -> v >= min && v <= max);
      return read.isPresent()
          ? read
          : refused(value, path, problems, "a whole number from " + min + " to " + max);
    };
  }

  public static JsonType<Integer> integer(int min, int max) {
    return whole(min, max).as(Math::toIntExact);
  }

  /** A finite number. */
  public static JsonType<Double> number(double min, double max) {
    return (value, path, problems) -> {
      double found = value.isNumber() ? value.doubleValue() : Double.NaN;
      // adding 0.0 turns -0.0 into 0.0, which is the same number in JSON
      return found >= min && found <= max
          ? Optional.of(found + 0.0)
          : refused(value, path, problems, "a number " + range(min, max));
    };
  }

  /** Any text at all, such as the farm itself wrote. */
  public static JsonType<String> anyText() {
    return (value, path, problems) ->
        value.isTextual() ? Optional.of(value.textValue()) : refused(value, path, problems, "text");
  }

  /** Text of at most {@code longest} characters, without control characters but line and tab. */
  public static JsonType<String> text(int longest) {
    return anyText().refuse(text -> TextRules.complaint(text, longest));
  }

  public static JsonType<String> oneOf(Collection<String> names) {
    JsonType<String> any =
        (value, path, problems) ->
            value.isTextual()
                ? Optional.of(value.textValue())
                : refused(value, path, problems, "one of " + String.join(", ", names));
    return any.refuse(
        name ->
            names.contains(name)
                ? Optional.empty()
                : Optional.of(
                    "found "
                        + Found.quoted(name)
                        + ", allowed: one of "
                        + String.join(", ", names)
                        + NearMiss.hint(name, names)));
  }

  /** ISO-8601 in UTC, such as {@code 2026-01-31T12:00:00Z}. */
  public static JsonType<Instant> instant() {
    return (value, path, problems) -> {
      try {
        return Optional.of(Instant.parse(value.isTextual() ? value.textValue() : ""));
      } catch (DateTimeParseException e) {
        return refused(value, path, problems, "a time such as 2026-01-31T12:00:00Z");
      }
    };
  }

  public static <T> JsonType<List<T>> listOf(JsonType<T> element, int fewest, int most) {
    String count = fewest == most ? "" + fewest : fewest + " to " + most;
    return listCalled("a list of " + count, element, fewest, most);
  }

  /** One value alone, or a list of one or more. */
  public static <T> JsonType<List<T>> oneOrMore(JsonType<T> element, int most) {
    JsonType<List<T>> list = listOf(element, 1, most);
    JsonType<List<T>> alone = element.as(List::of);
    return (value, path, problems) -> (value.isArray() ? list : alone).read(value, path, problems);
  }

  /**
   * A list of objects.
   *
   * @param example one of them, which they read where they wrote something else than a list
   */
  public static <T> JsonType<List<T>> listSuchAs(
      String example, JsonType<T> element, int fewest, int most) {
    return listCalled(
        "a list of %d to %d such as [%s]".formatted(fewest, most, example), element, fewest, most);
  }

  private static <T> JsonType<List<T>> listCalled(
      String allowed, JsonType<T> element, int fewest, int most) {
    return (value, path, problems) -> {
      if (!value.isArray() || value.size() < fewest || value.size() > most) {
        return refused(value, path, problems, allowed);
      }
      List<T> read = new ArrayList<>();
      for (int i = 0; i < value.size(); i++) {
        element.read(value.get(i), path + "[" + i + "]", problems).ifPresent(read::add);
      }
      return read.size() == value.size() ? Optional.of(List.copyOf(read)) : Optional.empty();
    };
  }

  /** An object with free keys. */
  public static <T> JsonType<SortedMap<String, T>> mapOf(
      JsonType<String> key, JsonType<T> element, int most) {
    return (value, path, problems) -> {
      if (!value.isObject() || value.size() > most) {
        return refused(value, path, problems, "an object of at most " + most + " fields");
      }
      SortedMap<String, T> read = new TreeMap<>();
      for (Map.Entry<String, JsonNode> field : value.properties()) {
        String at = Fields.child(path, field.getKey());
        Optional<String> name = key.read(TextNode.valueOf(field.getKey()), at, problems);
        Optional<T> one = element.read(field.getValue(), at, problems);
        name.ifPresent(n -> one.ifPresent(o -> read.put(n, o)));
      }
      return read.size() == value.size() ? Optional.of(read) : Optional.empty();
    };
  }

  /**
   * An object whose fields {@code make} asks for; {@code make} returns empty only where a field was
   * refused.
   */
  public static <T> JsonType<T> object(Function<Fields, Optional<T>> make) {
    return objectCalled("an object", make);
  }

  /**
   * The same for an object that users write.
   *
   * @param example what they read where they wrote something else
   */
  public static <T> JsonType<T> objectSuchAs(String example, Function<Fields, Optional<T>> make) {
    return objectCalled("an object such as " + example, make);
  }

  private static <T> JsonType<T> objectCalled(String allowed, Function<Fields, Optional<T>> make) {
    return (value, path, problems) -> {
      if (!value.isObject()) {
        return refused(value, path, problems, allowed);
      }
      Fields fields = new Fields(value, path, problems);
      Optional<T> made = make.apply(fields);
      return fields.sound() ? made : Optional.empty();
    };
  }

  static <T> Optional<T> refused(JsonNode value, String path, Problems problems, String allowed) {
    problems.add(path, "found " + Found.of(value) + ", allowed: " + allowed);
    return Optional.empty();
  }

  private static String range(double min, double max) {
    return "from " + CanonicalJson.number(min) + " to " + CanonicalJson.number(max);
  }

  private static Optional<Long> exactLong(JsonNode value) {
    if (value.isIntegralNumber()) {
      return value.canConvertToLong() ? Optional.of(value.longValue()) : Optional.empty();
    }
    double found = value.isNumber() ? value.doubleValue() : Double.NaN;
    boolean exact = Math.rint(found) == found && Math.abs(found) <= LARGEST_EXACT;
    return exact ? Optional.of((long) found) : Optional.empty();
  }
}

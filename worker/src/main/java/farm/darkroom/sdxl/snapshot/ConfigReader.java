package farm.darkroom.sdxl.snapshot;

import com.fasterxml.jackson.databind.JsonNode;
import farm.darkroom.sdxl.SdxlException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collections;
import java.util.List;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.function.Function;
import java.util.function.Predicate;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/**
 * Reads a component's config.json strictly: what has the wrong type, or asks for something that the
 * model here does not do, is refused with file, key, found and supported. An absent key and an
 * explicit null both mean the default that the caller passes, which is diffusers' or transformers'
 * own; but a flag that is null is false, as Python has it. Whole numbers are counts and sizes, so
 * at least 1, and no more than any model has; {@link #id} alone takes 0.
 *
 * @param file for messages
 */
public record ConfigReader(Path file, JsonNode root) {
  private static final int MOST = 1_000_000;
  private static final int MOST_LAYERS = 1000;
  private static final String WHOLE = "whole number from 1 to " + MOST;

  /** The config of {@code component}. */
  public static ConfigReader of(Component component) {
    return new ConfigReader(component.configFile(), component.config());
  }

  /** Whether the key is there and not null. */
  public boolean has(String key) {
    return root.hasNonNull(key);
  }

  public int integer(String key, int absent) {
    return optionalInteger(key).orElse(absent);
  }

  /** A number that there is no default for. */
  public int integer(String key) {
    return optionalInteger(key).orElseThrow(() -> refusal(key, "a " + WHOLE));
  }

  public OptionalInt optionalInteger(String key) {
    return value(key, ConfigReader::isWhole, JsonNode::intValue, "a " + WHOLE)
        .map(OptionalInt::of)
        .orElse(OptionalInt.empty());
  }

  /** Whether a value inside of a list that the caller reads itself is a count or a size. */
  public static boolean isWhole(JsonNode node) {
    return node.isInt() && node.intValue() >= 1 && node.intValue() <= MOST;
  }

  /** A number of layers. */
  public int layers(String key, int absent) {
    return layers(key, List.of(integer(key, absent))).get(0);
  }

  /** Refuses counts of layers that are absurdly large. */
  public List<Integer> layers(String key, List<Integer> layers) {
    if (layers.stream().anyMatch(n -> n > MOST_LAYERS)) {
      throw refusal(key, "at most " + MOST_LAYERS);
    }
    return layers;
  }

  /** The id of a token, which a vocabulary counts from 0. */
  public long id(String key, long absent) {
    return value(
            key,
            node -> node.canConvertToLong() && node.isIntegralNumber() && node.longValue() >= 0,
            JsonNode::longValue,
            "a whole number from 0")
        .orElse(absent);
  }

  public double number(String key, double absent) {
    return value(key, ConfigReader::isFinite, JsonNode::doubleValue, "a number").orElse(absent);
  }

  /** A scale. */
  public double positive(String key, double absent) {
    return value(
            key,
            node -> isFinite(node) && node.doubleValue() > 0,
            JsonNode::doubleValue,
            "a number above 0")
        .orElse(absent);
  }

  /** What is added to a variance. */
  public double epsilon(String key, double absent) {
    return value(
            key,
            node -> node.isNumber() && node.doubleValue() >= 0 && node.doubleValue() <= 1,
            JsonNode::doubleValue,
            "a number from 0 to 1")
        .orElse(absent);
  }

  private static boolean isFinite(JsonNode node) {
    return node.isNumber() && Double.isFinite(node.doubleValue());
  }

  public boolean flag(String key, boolean absent) {
    boolean none = root.path(key).isNull();
    return !none
        && value(key, JsonNode::isBoolean, JsonNode::booleanValue, "true or false").orElse(absent);
  }

  public Optional<String> text(String key) {
    return value(key, JsonNode::isTextual, JsonNode::textValue, "a name");
  }

  /** A list of names. */
  public List<String> texts(String key, List<String> absent) {
    return list(key, JsonNode::isTextual, JsonNode::textValue, "a list of names").orElse(absent);
  }

  /** A list of whole numbers, never empty unless {@code absent} is. */
  public List<Integer> integers(String key, List<Integer> absent) {
    return list(key, ConfigReader::isWhole, JsonNode::intValue, "a list, each a " + WHOLE)
        .orElse(absent);
  }

  /** A list of {@code count} whole numbers; a single number stands for {@code count} of it. */
  public List<Integer> integers(String key, int count, int absent) {
    if (!has(key) || root.get(key).isNumber()) {
      return Collections.nCopies(count, integer(key, absent));
    }
    if (!root.get(key).isArray()) {
      throw refusal(key, "a whole number or a list of " + count);
    }
    List<Integer> numbers = integers(key, List.of());
    if (numbers.size() != count) {
      throw refusal(key, "a whole number or a list of " + count);
    }
    return numbers;
  }

  /** A list of numbers; empty where the key is absent. */
  public List<Double> numbers(String key) {
    return list(key, ConfigReader::isFinite, JsonNode::doubleValue, "a list of numbers")
        .orElse(List.of());
  }

  /** Refuses any value but null and {@code supported}: names, flags or whole numbers. */
  public void only(String key, Object... supported) {
    if (has(key) && Arrays.stream(supported).noneMatch(value -> is(root.get(key), value))) {
      throw refusal(
          key,
          supported.length == 0
              ? "null"
              : Stream.of(supported).map(String::valueOf).collect(Collectors.joining(" or ")));
    }
  }

  private static boolean is(JsonNode found, Object supported) {
    if (supported instanceof Integer number) {
      return found.isNumber() && found.doubleValue() == number;
    }
    if (supported instanceof Boolean flag) {
      return found.isBoolean() && found.booleanValue() == flag;
    }
    return supported.equals(found.textValue());
  }

  /** The exception for a key whose value is not supported: found and supported, in one line. */
  public SdxlException refusal(String key, String supported) {
    String found = root.has(key) ? root.get(key).toString() : "missing";
    return new SdxlException(file + ": " + key + " is " + found + "; supported: " + supported);
  }

  private <T> Optional<T> value(
      String key, Predicate<JsonNode> right, Function<JsonNode, T> read, String supported) {
    if (!has(key)) {
      return Optional.empty();
    }
    if (!right.test(root.get(key))) {
      throw refusal(key, supported);
    }
    return Optional.of(read.apply(root.get(key)));
  }

  private <T> Optional<List<T>> list(
      String key, Predicate<JsonNode> right, Function<JsonNode, T> read, String supported) {
    return value(key, node -> node.isArray() && !node.isEmpty(), node -> node, supported)
        .map(
            array -> {
              List<T> values = new ArrayList<>();
              for (JsonNode node : array) {
                if (!right.test(node)) {
                  throw refusal(key, supported);
                }
                values.add(read.apply(node));
              }
              return List.copyOf(values);
            });
  }
}

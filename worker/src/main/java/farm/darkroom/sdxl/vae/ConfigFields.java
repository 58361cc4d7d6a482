package farm.darkroom.sdxl.vae;

import com.fasterxml.jackson.databind.JsonNode;
import farm.darkroom.sdxl.SdxlException;
import farm.darkroom.sdxl.snapshot.Component;
import java.util.ArrayList;
import java.util.List;
import java.util.function.Function;
import java.util.function.Predicate;

/** Reads an autoencoder's config.json; an absent or null key takes diffusers' default. */
record ConfigFields(Component component) {
  private static final int MOST = 1_000_000;

  int count(String key, int absent) {
    return value(
        key, absent, ConfigFields::counts, JsonNode::intValue, "a whole number from 1 to " + MOST);
  }

  /** A scale. */
  double positive(String key, double absent) {
    return value(
        key,
        absent,
        n -> n.doubleValue() > 0 && Double.isFinite(n.doubleValue()),
        JsonNode::doubleValue,
        "a number above 0");
  }

  boolean flag(String key, boolean absent) {
    return value(key, absent, JsonNode::isBoolean, JsonNode::booleanValue, "true or false");
  }

  List<Integer> counts(String key, List<Integer> absent) {
    return list(key, absent, ConfigFields::counts, JsonNode::intValue);
  }

  private static boolean counts(JsonNode number) {
    return number.isInt() && number.intValue() > 0 && number.intValue() <= MOST;
  }

  List<Double> numbers(String key) {
    return list(key, List.of(), JsonNode::isNumber, JsonNode::doubleValue);
  }

  /** Refuses a text other than {@code supported}, alone or in every place of a list. */
  void only(String key, List<String> supported) {
    JsonNode found = component.config().path(key);
    Iterable<JsonNode> values = found.isArray() ? found : List.of(found);
    for (JsonNode value : values) {
      if (!absent(found) && !supported.contains(value.asText())) {
        throw refuse(key, String.join(" or ", supported));
      }
    }
  }

  /** Refuses so many blocks or layers that a list of them is a burden. */
  void few(String key, int most, int found) {
    if (found > most) {
      throw refuse(key, "at most " + most);
    }
  }

  SdxlException refuse(String key, String supported) {
    JsonNode found = component.config().path(key);
    return new SdxlException(
        "%s: %s is %s; supported: %s"
            .formatted(
                component.configFile(), key, found.isMissingNode() ? "missing" : found, supported));
  }

  private <T> T value(
      String key, T absent, Predicate<JsonNode> right, Function<JsonNode, T> read, String kind) {
    JsonNode found = component.config().path(key);
    if (absent(found)) {
      return absent;
    }
    if (!right.test(found)) {
      throw refuse(key, kind);
    }
    return read.apply(found);
  }

  private <T> List<T> list(
      String key, List<T> absent, Predicate<JsonNode> right, Function<JsonNode, T> read) {
    JsonNode found = component.config().path(key);
    if (absent(found)) {
      return absent;
    }
    List<T> values = new ArrayList<>();
    for (JsonNode value : found) {
      if (!right.test(value)) {
        throw refuse(key, "a list of numbers");
      }
      values.add(read.apply(value));
    }
    if (values.isEmpty()) {
      throw refuse(key, "a list of numbers");
    }
    return values;
  }

  private static boolean absent(JsonNode found) {
    return found.isMissingNode() || found.isNull();
  }
}

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

  int count(String key, int absent) {
    return value(
        key,
        absent,
        n -> n.isInt() && n.intValue() > 0,
        JsonNode::intValue,
        "a whole number from 1");
  }

  /** A scale. */
  double positive(String key, double absent) {
    return value(
        key,
        absent,
        n -> n.isNumber() && n.doubleValue() > 0,
        JsonNode::doubleValue,
        "a number above 0");
  }

  boolean flag(String key, boolean absent) {
    return value(key, absent, JsonNode::isBoolean, JsonNode::booleanValue, "true or false");
  }

  List<Integer> counts(String key, List<Integer> absent) {
    return list(key, absent, n -> n.isInt() && n.intValue() > 0, JsonNode::intValue);
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

  SdxlException refuse(String key, String supported) {
    JsonNode found = component.config().path(key);
    return new SdxlException(
        component.configFile() + ": " + key + " is " + found + "; supported: " + supported);
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

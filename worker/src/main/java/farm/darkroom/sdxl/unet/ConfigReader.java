package farm.darkroom.sdxl.unet;

import com.fasterxml.jackson.databind.JsonNode;
import farm.darkroom.sdxl.SdxlException;
import farm.darkroom.sdxl.snapshot.Component;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Optional;
import java.util.OptionalInt;

/**
 * Reads a component's config.json strictly: what has the wrong type, or asks for something that the
 * model here does not do, is refused with file, key, found and supported. An absent key and an
 * explicit null both mean the default that the caller passes, which is diffusers' own. Whole
 * numbers are counts and sizes, so at least 1, and no more than any model has.
 *
 * @param file for messages
 */
record ConfigReader(Path file, JsonNode root) {
  private static final int MOST = 1_000_000;

  /** The config of {@code component}. */
  public static ConfigReader of(Component component) {
    return new ConfigReader(component.configFile(), component.config());
  }

  /** Whether the key is there and not null. */
  public boolean has(String key) {
    return root.hasNonNull(key);
  }

  public int integer(String key, int absent) {
    return has(key) ? whole(key, root.get(key)) : absent;
  }

  /** A number that there is no default for. */
  public int integer(String key) {
    return optionalInteger(key).orElseThrow(() -> refusal(key, "a whole number from 1 on"));
  }

  public OptionalInt optionalInteger(String key) {
    return has(key) ? OptionalInt.of(integer(key, 0)) : OptionalInt.empty();
  }

  public double number(String key, double absent) {
    if (!has(key)) {
      return absent;
    }
    if (!Double.isFinite(root.get(key).asDouble(Double.NaN))) {
      throw refusal(key, "a number");
    }
    return root.get(key).asDouble();
  }

  public boolean flag(String key, boolean absent) {
    if (!has(key)) {
      return absent;
    }
    if (!root.get(key).isBoolean()) {
      throw refusal(key, "true or false");
    }
    return root.get(key).asBoolean();
  }

  public Optional<String> text(String key) {
    if (!has(key)) {
      return Optional.empty();
    }
    if (!root.get(key).isTextual()) {
      throw refusal(key, "a name");
    }
    return Optional.of(root.get(key).asText());
  }

  /** A list of names. */
  public List<String> texts(String key, List<String> absent) {
    if (!has(key)) {
      return absent;
    }
    List<String> names = new ArrayList<>();
    for (JsonNode node : array(key)) {
      if (!node.isTextual()) {
        throw refusal(key, "a list of names");
      }
      names.add(node.asText());
    }
    return List.copyOf(names);
  }

  /** A list of whole numbers. */
  public List<Integer> integers(String key, List<Integer> absent) {
    if (!has(key)) {
      return absent;
    }
    List<Integer> numbers = new ArrayList<>();
    array(key).forEach(node -> numbers.add(whole(key, node)));
    return List.copyOf(numbers);
  }

  /** A list of {@code count} whole numbers; a single number stands for {@code count} of it. */
  public List<Integer> integers(String key, int count, int absent) {
    if (!has(key) || root.get(key).isNumber()) {
      return Collections.nCopies(count, integer(key, absent));
    }
    List<Integer> numbers = integers(key, List.of());
    if (numbers.size() != count) {
      throw refusal(key, "a whole number or a list of " + count);
    }
    return numbers;
  }

  /** Refuses any value but null and {@code supported} (compared as JSON text). */
  public void only(String key, String... supported) {
    if (has(key) && !List.of(supported).contains(root.get(key).asText())) {
      throw refusal(key, supported.length == 0 ? "null" : String.join(" or ", supported));
    }
  }

  /** The exception for a key whose value is not supported: found and supported, in one line. */
  public SdxlException refusal(String key, String supported) {
    String found = root.has(key) ? root.get(key).toString() : "missing";
    return new SdxlException(file + ": " + key + " is " + found + "; supported: " + supported);
  }

  private int whole(String key, JsonNode node) {
    boolean number = node.isIntegralNumber() && node.canConvertToInt();
    if (!number || node.asInt() < 1 || node.asInt() > MOST) {
      throw refusal(key, "whole numbers from 1 to " + MOST);
    }
    return node.asInt();
  }

  private JsonNode array(String key) {
    if (!root.get(key).isArray()) {
      throw refusal(key, "a list");
    }
    return root.get(key);
  }
}

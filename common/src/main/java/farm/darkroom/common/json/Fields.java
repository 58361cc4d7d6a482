package farm.darkroom.common.json;

import com.fasterxml.jackson.databind.JsonNode;
import java.util.HashSet;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.function.Function;
import java.util.regex.Pattern;

/**
 * Reads the fields of one JSON object. Each known field is asked for once, by name; whatever is
 * left over at the end is an unknown field. JSON null counts as absent. Not thread-safe.
 */
public final class Fields {
  private static final Pattern PLAIN = Pattern.compile("[A-Za-z_][A-Za-z0-9_]*");
  private final JsonNode node;
  private final String path;
  private final Problems problems;
  private final int before;
  private final Set<String> asked = new HashSet<>();

  /**
   * @param node an object
   */
  Fields(JsonNode node, String path, Problems problems) {
    this.node = node;
    this.path = path;
    this.problems = problems;
    this.before = problems.lines().size();
  }

  /** The field; empty when it is absent or refused. */
  public <T> Optional<T> optional(String name, JsonType<T> type) {
    asked.add(name);
    JsonNode value = node.path(name);
    return value.isMissingNode() || value.isNull()
        ? Optional.empty()
        : type.read(value, child(path, name), problems);
  }

  /** The field; empty when it is refused, to which being absent counts. */
  public <T> Optional<T> required(String name, JsonType<T> type) {
    if (!has(name)) {
      problems.add(child(path, name), "missing; this field is required");
    }
    return optional(name, type);
  }

  /** The field, or {@code absent} when it is absent or refused. */
  public <T> T or(String name, JsonType<T> type, T absent) {
    return optional(name, type).orElse(absent);
  }

  /** Whether the field is there and not null. */
  public boolean has(String name) {
    return node.hasNonNull(name);
  }

  /** Whether the field is there, not null and no empty list. */
  public boolean hasSome(String name) {
    return has(name) && !(node.get(name).isArray() && node.get(name).isEmpty());
  }

  /** Whether the field is there and null. */
  public boolean isNull(String name) {
    return node.path(name).isNull();
  }

  /** Adds a problem of the field {@code name}. */
  public void refuse(String name, String text) {
    problems.add(child(path, name), text);
  }

  /** Adds a problem of a field of a nested object. */
  public void refuse(String object, String name, String text) {
    problems.add(child(child(path, object), name), text);
  }

  /** Refuses every field that was not asked for. To be called after the last one. */
  public void noOthers() {
    noOthers(name -> Optional.empty());
  }

  /**
   * As {@link #noOthers()}, but recognises names that other programs use.
   *
   * @param translated what a name of another program is called here
   */
  public void noOthers(Function<String, Optional<String>> translated) {
    for (Map.Entry<String, JsonNode> field : node.properties()) {
      String name = field.getKey();
      if (!asked.contains(name)) {
        String hint =
            translated.apply(name).map(NearMiss::hint).orElseGet(() -> NearMiss.hint(name, asked));
        problems.add(child(path, name), "unknown field" + hint);
      }
    }
  }

  /** Whether no problem was found since these fields were opened. */
  public boolean sound() {
    return problems.lines().size() == before;
  }

  /** {@code $.a} and {@code b} give {@code $.a.b}; odd names are quoted. */
  static String child(String path, String name) {
    return PLAIN.matcher(name).matches()
        ? path + "." + name
        : path + "[" + Found.quoted(name) + "]";
  }
}

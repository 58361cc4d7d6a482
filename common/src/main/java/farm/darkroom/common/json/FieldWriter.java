package farm.darkroom.common.json;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/**
 * Writes the fields of one JSON object, leaving out absent values and defaults. Not thread-safe.
 */
public final class FieldWriter {
  private static final JsonNodeFactory NODES = JsonNodeFactory.instance;
  private final ObjectNode object = NODES.objectNode();

  /**
   * Writes a field.
   *
   * @param value text, a number, a boolean, a JSON node, null (JSON null), a list or map of such,
   *     or an Optional of such, which writes nothing when it is empty
   */
  public FieldWriter put(String name, Object value) {
    if (!(value instanceof Optional<?> optional)) {
      object.set(name, node(value));
    } else if (optional.isPresent()) {
      object.set(name, node(optional.get()));
    }
    return this;
  }

  /** Writes a field unless its value is {@code absent}, the default. */
  public <T> FieldWriter putUnless(T absent, String name, T value) {
    return value.equals(absent) ? this : put(name, value);
  }

  /**
   * Writes a list as {@link JsonTypes#oneOrMore} reads it: one value alone, and nothing of an empty
   * list.
   */
  public FieldWriter putOneOrMore(String name, List<?> values) {
    return values.isEmpty() ? this : put(name, values.size() == 1 ? values.get(0) : values);
  }

  public ObjectNode done() {
    return object;
  }

  private static JsonNode node(Object value) {
    if (value == null) {
      return NODES.nullNode();
    }
    if (value instanceof JsonNode json) {
      return json;
    }
    if (value instanceof List<?> list) {
      ArrayNode array = NODES.arrayNode();
      list.forEach(element -> array.add(node(element)));
      return array;
    }
    if (value instanceof Map<?, ?> map) {
      FieldWriter inner = new FieldWriter();
      map.forEach((key, element) -> inner.put(key.toString(), element));
      return inner.done();
    }
    return scalar(value);
  }

  private static JsonNode scalar(Object value) {
    if (value instanceof Boolean bool) {
      return NODES.booleanNode(bool);
    }
    if (value instanceof Double number) {
      return NODES.numberNode(number);
    }
    if (value instanceof Integer || value instanceof Long) {
      return NODES.numberNode(((Number) value).longValue());
    }
    if (value instanceof String text) {
      return NODES.textNode(text);
    }
    throw new IllegalArgumentException("no JSON value: " + value.getClass().getName());
  }
}

package farm.darkroom.common.json;

import com.fasterxml.jackson.databind.JsonNode;
import java.nio.charset.StandardCharsets;
import java.util.Map;
import java.util.TreeMap;

/**
 * One spelling for each JSON value, as in RFC 8785: no white space, keys sorted by UTF-16 units,
 * ECMAScript's shortest numbers, so 5.0 and 5 are the same. It differs from the RFC in one point:
 * whole numbers keep all their digits, since seeds go up to 2^63 - 1.
 */
public final class CanonicalJson {
  private CanonicalJson() {}

  /** UTF-8. */
  public static byte[] bytes(JsonNode value) {
    return text(value).getBytes(StandardCharsets.UTF_8);
  }

  public static String text(JsonNode value) {
    StringBuilder out = new StringBuilder();
    append(out, value);
    return out.toString();
  }

  /** A number's one spelling; it must be finite. */
  public static String number(double value) {
    return ShortestNumber.of(value);
  }

  private static void append(StringBuilder out, JsonNode value) {
    switch (value.getNodeType()) {
      case OBJECT -> appendObject(out, value);
      case ARRAY -> appendArray(out, value);
      case STRING -> appendText(out, value.textValue());
      case NUMBER ->
          out.append(value.isIntegralNumber() ? value.asText() : number(value.doubleValue()));
      case BOOLEAN -> out.append(value.booleanValue());
      case NULL -> out.append("null");
      case MISSING, BINARY, POJO -> throw new IllegalArgumentException("no JSON value: " + value);
    }
  }

  private static void appendObject(StringBuilder out, JsonNode object) {
    Map<String, JsonNode> sorted = new TreeMap<>();
    object.properties().forEach(field -> sorted.put(field.getKey(), field.getValue()));
    out.append('{');
    String comma = "";
    for (Map.Entry<String, JsonNode> field : sorted.entrySet()) {
      out.append(comma);
      appendText(out, field.getKey());
      out.append(':');
      append(out, field.getValue());
      comma = ",";
    }
    out.append('}');
  }

  private static void appendArray(StringBuilder out, JsonNode array) {
    out.append('[');
    String comma = "";
    for (JsonNode element : array) {
      out.append(comma);
      append(out, element);
      comma = ",";
    }
    out.append(']');
  }

  private static void appendText(StringBuilder out, String text) {
    out.append('"');
    for (int i = 0; i < text.length(); i++) {
      appendCharacter(out, text.charAt(i));
    }
    out.append('"');
  }

  private static void appendCharacter(StringBuilder out, char c) {
    switch (c) {
      case '"' -> out.append("\\\"");
      case '\\' -> out.append("\\\\");
      case '\b' -> out.append("\\b");
      case '\t' -> out.append("\\t");
      case '\n' -> out.append("\\n");
      case '\f' -> out.append("\\f");
      case '\r' -> out.append("\\r");
      default -> {
        if (c < ' ') {
          out.append(String.format("\\u%04x", (int) c));
        } else {
          out.append(c);
        }
      }
    }
  }
}

package farm.darkroom.common.json;

import com.fasterxml.jackson.databind.JsonNode;

/** Describes an offending value for an error message: short, printable, on one line. */
public final class Found {
  private static final int LONGEST = 60;

  private Found() {}

  /** Such as {@code text "abc"}, {@code 130}, {@code a list of 3} or {@code nothing}. */
  public static String of(JsonNode value) {
    return switch (value.getNodeType()) {
      case STRING -> "text " + quoted(value.textValue());
      case NUMBER, BOOLEAN -> printable(value.asText(), LONGEST);
      case ARRAY -> "a list of " + value.size();
      case OBJECT -> "an object";
      case NULL, MISSING -> "nothing";
      case BINARY, POJO -> "no JSON value";
    };
  }

  public static String quoted(String text) {
    return '"' + printable(text, LONGEST) + '"';
  }

  /** Control characters and lone surrogates escaped, cut to {@code longest} characters. */
  public static String printable(String text, int longest) {
    StringBuilder out = new StringBuilder();
    text.codePoints().limit(longest).forEach(c -> append(out, c));
    return text.codePointCount(0, text.length()) > longest ? out + "..." : out.toString();
  }

  private static void append(StringBuilder out, int c) {
    int type = Character.getType(c);
    boolean hidden =
        type == Character.CONTROL
            || type == Character.SURROGATE
            || type == Character.FORMAT
            || type == Character.LINE_SEPARATOR
            || type == Character.PARAGRAPH_SEPARATOR;
    if (hidden) {
      out.append(String.format("\\u%04x", c));
    } else {
      out.appendCodePoint(c);
    }
  }
}

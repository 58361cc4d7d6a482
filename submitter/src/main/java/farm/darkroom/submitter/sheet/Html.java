package farm.darkroom.submitter.sheet;

/** Escapes text for HTML. */
public final class Html {
  private Html() {}

  /** Safe in text and in attributes with double quotes. */
  public static String escape(String text) {
    StringBuilder out = new StringBuilder();
    text.codePoints()
        .forEach(
            c -> {
              switch (c) {
                case '&' -> out.append("&amp;");
                case '<' -> out.append("&lt;");
                case '>' -> out.append("&gt;");
                case '"' -> out.append("&quot;");
                case '\'' -> out.append("&#39;");
                default -> out.appendCodePoint(c < ' ' && c != '\n' ? ' ' : c);
              }
            });
    return out.toString();
  }
}

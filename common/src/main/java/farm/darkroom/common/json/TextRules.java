package farm.darkroom.common.json;

import java.util.Optional;

/** Limits on text from outside: its length, and no control characters. */
public final class TextRules {
  private TextRules() {}

  /** What is wrong with {@code text}; line breaks and tabs are fine. */
  public static Optional<String> complaint(String text, int longest) {
    int length = text.codePointCount(0, text.length());
    if (length > longest) {
      return Optional.of("found text of " + length + " characters, allowed: " + longest);
    }
    return text.codePoints()
        .filter(TextRules::isForbidden)
        .mapToObj(
            c ->
                String.format(
                    "found text with the character U+%04X, allowed: text without control"
                        + " characters",
                    c))
        .findFirst();
  }

  /** As {@link #complaint}, but line breaks and tabs are refused as well. */
  public static Optional<String> lineComplaint(String text, int longest) {
    Optional<String> broken =
        text.codePoints()
            .filter(c -> c == '\n' || c == '\r' || c == '\t')
            .mapToObj(
                c -> String.format("found text with the character U+%04X, allowed: one line", c))
            .findFirst();
    return broken.isPresent() ? broken : complaint(text, longest);
  }

  private static boolean isForbidden(int c) {
    boolean blank = c == '\n' || c == '\r' || c == '\t';
    int type = Character.getType(c);
    return (type == Character.CONTROL && !blank) || type == Character.SURROGATE;
  }
}

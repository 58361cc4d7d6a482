package farm.darkroom.infra;

import java.util.function.IntUnaryOperator;
import picocli.CommandLine.Help;
import picocli.CommandLine.Help.Ansi.Text;
import picocli.CommandLine.Model.CommandSpec;

/**
 * Makes picocli break lines at blanks only; by itself it also breaks after the dot of {@code
 * record.json}.
 */
final class WordWrap extends Help {
  private static final int DESCRIPTION = 4;

  /** Punctuation at which picocli breaks lines. */
  private static final String MARKS = ".:/,;|()[]{}'\"=+";

  /** Letters of the phonetic alphabet, one for each mark; no help has them. */
  private static final char FIRST_LETTER = '\u0250';

  WordWrap(CommandSpec command, ColorScheme colours) {
    super(command, colours);
  }

  @Override
  public IOptionRenderer createDefaultOptionRenderer() {
    IOptionRenderer plain = super.createDefaultOptionRenderer();
    return (option, label, colours) -> joined(plain.render(option, label, colours), colours);
  }

  @Override
  public IParameterRenderer createDefaultParameterRenderer() {
    IParameterRenderer plain = super.createDefaultParameterRenderer();
    return (parameter, label, colours) -> joined(plain.render(parameter, label, colours), colours);
  }

  private static Text[][] joined(Text[][] rows, ColorScheme colours) {
    for (Text[] row : rows) {
      String text = joined(row[DESCRIPTION].plainString());
      row[DESCRIPTION] = colours.ansi().new Text(text, colours);
    }
    return rows;
  }

  /** Replaces punctuation by letters. */
  static String joined(String text) {
    return replaced(text, c -> MARKS.indexOf(c) < 0 ? c : FIRST_LETTER + MARKS.indexOf(c));
  }

  /** Restores the punctuation. */
  static String shown(String text) {
    return replaced(
        text,
        c -> {
          int i = c - FIRST_LETTER;
          return i < 0 || i >= MARKS.length() ? c : MARKS.charAt(i);
        });
  }

  private static String replaced(String text, IntUnaryOperator letters) {
    StringBuilder out = new StringBuilder(text.length());
    text.chars().map(letters).forEach(c -> out.append((char) c));
    return out.toString();
  }
}

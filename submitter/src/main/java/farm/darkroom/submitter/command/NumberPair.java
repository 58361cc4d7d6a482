package farm.darkroom.submitter.command;

import java.util.List;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import picocli.CommandLine.ITypeConverter;
import picocli.CommandLine.TypeConversionException;

/** Two whole numbers in diffusers' order: height and width, or top and left. */
record NumberPair(int first, int second) {
  private static final Pattern FORM = Pattern.compile("(\\d{1,6})[,x](\\d{1,6})");

  List<Integer> list() {
    return List.of(first, second);
  }

  /** Reads {@code 128,96} and {@code 128x96}. */
  static final class Reader implements ITypeConverter<NumberPair> {
    @Override
    public NumberPair convert(String typed) {
      Matcher pair = FORM.matcher(typed.strip());
      if (!pair.matches()) {
        throw new TypeConversionException(
            "found '" + typed + "', allowed: two whole numbers such as 128,96");
      }
      return new NumberPair(Integer.parseInt(pair.group(1)), Integer.parseInt(pair.group(2)));
    }
  }
}

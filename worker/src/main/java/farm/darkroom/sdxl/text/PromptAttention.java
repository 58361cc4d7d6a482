package farm.darkroom.sdxl.text;

import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.List;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * The weighted syntax of the AUTOMATIC1111 web UI. {@code (words)} weigh 1.1 times what is around
 * them, {@code [words]} 1/1.1 times, {@code (words:1.3)} 1.3 times; they nest. A bracket that is
 * never closed reaches to the end, one that was never opened is text. A backslash takes the meaning
 * from a bracket or a backslash. {@code BREAK}, alone and in capitals, begins a new chunk. Every
 * text parses.
 */
final class PromptAttention {
  private static final double STEP = 1.1;
  private static final Pattern WEIGHT =
      Pattern.compile(
          ":\\s*+([+-]?(?:[0-9]++\\.?[0-9]*+|\\.[0-9]++))\\s*+\\)",
          Pattern.UNICODE_CHARACTER_CLASS);

  /** Letters and spaces of any script, whatever the Java version takes for such by itself. */
  private static final Pattern BREAK =
      Pattern.compile("\\s*\\bBREAK\\b\\s*", Pattern.UNICODE_CHARACTER_CLASS);

  /** A run of text with the factors of the brackets that were closed around it. */
  private static final class Run {
    private final String text;
    private final boolean literal;
    private double weight = 1;

    Run(String text, boolean literal) {
      this.text = text;
      this.literal = literal;
    }
  }

  private final String prompt;
  private final List<Run> runs = new ArrayList<>();
  private final Deque<Integer> round = new ArrayDeque<>();
  private final Deque<Integer> square = new ArrayDeque<>();
  private final StringBuilder text = new StringBuilder();

  private PromptAttention(String prompt) {
    this.prompt = prompt;
  }

  /** The parts of {@code prompt} in order; neighbours of equal weight are one. */
  static List<PromptPart> parse(String prompt) {
    return new PromptAttention(prompt).parse();
  }

  private List<PromptPart> parse() {
    int at = 0;
    while (at < prompt.length()) {
      at = step(at);
    }
    flush(false);
    round.forEach(from -> multiply(from, STEP));
    square.forEach(from -> multiply(from, 1 / STEP));
    return merged();
  }

  /** Reads what begins at {@code at} and says where the next begins. */
  private int step(int at) {
    char c = prompt.charAt(at);
    switch (c) {
      case '\\' -> {
        return escape(at);
      }
      case '(' -> open(round);
      case '[' -> open(square);
      case ':' -> {
        return weight(at);
      }
      case ')' -> close(round, STEP, c);
      case ']' -> close(square, 1 / STEP, c);
      default -> text.append(c);
    }
    return at + 1;
  }

  private int escape(int at) {
    boolean escapes = at + 1 < prompt.length() && "()[]\\".indexOf(prompt.charAt(at + 1)) >= 0;
    if (escapes) {
      flush(false);
      text.append(prompt.charAt(at + 1));
      flush(true);
      return at + 2;
    }
    return at + 1;
  }

  private void open(Deque<Integer> brackets) {
    flush(false);
    brackets.push(runs.size());
  }

  private void close(Deque<Integer> brackets, double factor, char bracket) {
    if (brackets.isEmpty()) {
      text.append(bracket);
      return;
    }
    flush(false);
    multiply(brackets.pop(), factor);
  }

  /** {@code :1.3)} closes a round bracket; anything else after a colon is text. */
  private int weight(int at) {
    Matcher matcher = WEIGHT.matcher(prompt).region(at, prompt.length());
    if (round.isEmpty() || !matcher.lookingAt() || !isWeight(matcher.group(1))) {
      text.append(':');
      return at + 1;
    }
    flush(false);
    multiply(round.pop(), Double.parseDouble(matcher.group(1)));
    return matcher.end();
  }

  /** Tokens are weighed in float32. */
  private static boolean isWeight(String number) {
    return Float.isFinite(Float.parseFloat(number));
  }

  private void flush(boolean literal) {
    if (!text.isEmpty()) {
      runs.add(new Run(text.toString(), literal));
      text.setLength(0);
    }
  }

  private void multiply(int from, double factor) {
    runs.subList(from, runs.size()).forEach(run -> run.weight *= factor);
  }

  private List<PromptPart> merged() {
    List<PromptPart> parts = new ArrayList<>();
    for (Run run : runs) {
      String[] pieces = run.literal ? new String[] {run.text} : BREAK.split(run.text, -1);
      for (int i = 0; i < pieces.length; i++) {
        if (i > 0) {
          parts.add(new PromptPart.Break());
        }
        append(parts, pieces[i], run.weight);
      }
    }
    return List.copyOf(parts);
  }

  private static void append(List<PromptPart> parts, String text, double weight) {
    int last = parts.size() - 1;
    if (text.isEmpty()) {
      return;
    }
    if (last >= 0
        && parts.get(last) instanceof PromptPart.Words before
        && before.weight() == weight) {
      parts.set(last, new PromptPart.Words(before.text() + text, weight));
    } else {
      parts.add(new PromptPart.Words(text, weight));
    }
  }
}

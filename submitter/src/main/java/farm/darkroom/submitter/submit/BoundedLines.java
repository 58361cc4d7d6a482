package farm.darkroom.submitter.submit;

import farm.darkroom.common.FarmException;
import java.io.BufferedReader;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.util.Iterator;
import java.util.NoSuchElementException;
import java.util.Spliterator;
import java.util.Spliterators;
import java.util.stream.Stream;
import java.util.stream.StreamSupport;

/**
 * Reads a text line by line, and refuses lines that are too long to hold in memory. Not
 * thread-safe.
 */
final class BoundedLines implements Iterator<String> {
  private final BufferedReader text;
  private final int longest;
  private String next;
  private int number;

  /**
   * @param longest in characters
   */
  BoundedLines(BufferedReader text, int longest) {
    this.text = text;
    this.longest = longest;
  }

  Stream<String> stream() {
    return StreamSupport.stream(
        Spliterators.spliteratorUnknownSize(this, Spliterator.ORDERED), false);
  }

  @Override
  public boolean hasNext() {
    if (next == null) {
      next = read();
    }
    return next != null;
  }

  @Override
  public String next() {
    if (!hasNext()) {
      throw new NoSuchElementException();
    }
    String line = next;
    next = null;
    return line;
  }

  private String read() {
    StringBuilder line = new StringBuilder();
    try {
      int c = text.read();
      if (c < 0) {
        return null;
      }
      number++;
      for (; c >= 0 && c != '\n'; c = text.read()) {
        append(line, (char) c);
      }
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
    boolean carriage = line.length() > 0 && line.charAt(line.length() - 1) == '\r';
    return carriage ? line.substring(0, line.length() - 1) : line.toString();
  }

  private void append(StringBuilder line, char c) {
    if (line.length() == longest) {
      throw FarmException.invalidJob(
          "line %d: found more than %d characters, allowed: %d"
              .formatted(number, longest, longest));
    }
    line.append(c);
  }
}

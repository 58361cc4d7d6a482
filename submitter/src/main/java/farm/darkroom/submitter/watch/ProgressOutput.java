package farm.darkroom.submitter.watch;

import farm.darkroom.common.Terminal;
import java.io.PrintWriter;
import java.time.Duration;
import java.util.Optional;

/**
 * Shows progress: on a terminal as one line that is redrawn, elsewhere as an occasional line. Not
 * thread-safe.
 */
public final class ProgressOutput {
  private static final Duration QUIET = Duration.ofSeconds(5);
  private static final String ERASE = "\r\u001b[K";

  /** A line that is wider than the terminal is cut off: of one that wraps, pieces would stay. */
  private static final String CUT_OFF = "\u001b[?7l";

  private static final String WRAP = "\u001b[?7h";

  private final PrintWriter out;
  private final boolean terminal;
  private Optional<Duration> printed = Optional.empty();
  private String last = "";

  public ProgressOutput(PrintWriter out, boolean terminal) {
    this.out = out;
    this.terminal = terminal;
  }

  /** On the standard error, where a terminal that is a dumb one counts as none. */
  public static ProgressOutput of(PrintWriter err) {
    String kind = System.getenv().getOrDefault("TERM", "dumb");
    return new ProgressOutput(err, Terminal.isThere() && !kind.equals("dumb"));
  }

  /**
   * Shows the line; elsewhere than on a terminal only when the last one is some seconds old.
   *
   * @param gone since watching began
   */
  public void show(String line, Duration gone) {
    if (line.equals(last)) {
      return;
    }
    if (terminal) {
      out.print(ERASE + CUT_OFF + line + WRAP);
    } else if (printed.map(before -> gone.minus(before).compareTo(QUIET) >= 0).orElse(true)) {
      out.println(line);
      printed = Optional.of(gone);
    } else {
      return;
    }
    last = line;
    out.flush();
  }

  /** Prints a text that stays above the line. */
  void printAbove(String text) {
    out.println(terminal ? ERASE + text : text);
    out.flush();
    last = "";
  }

  /** Shows the last line, whatever was before it. */
  public void end(String line) {
    out.println(terminal ? ERASE + line : line);
    out.flush();
  }
}

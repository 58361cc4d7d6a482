package farm.darkroom.worker.command;

import static java.util.Objects.requireNonNull;

import farm.darkroom.worker.hub.DecimalSize;
import farm.darkroom.worker.hub.PullListener;
import java.io.PrintWriter;
import java.time.Duration;
import java.util.Locale;
import java.util.function.LongSupplier;

/** The progress line of a download on a terminal. Thread-safe. */
final class PullLine implements PullListener, AutoCloseable {
  private static final long BETWEEN = Duration.ofMillis(200).toNanos();
  private static final double NANOS = 1e9;
  private final PrintWriter out;
  private final boolean terminal;
  private final LongSupplier nanos;
  private long all;
  private long here;
  private long come;
  private long begunAt;
  private long shownAt;
  private boolean shown;
  private String told = "";

  /**
   * @param terminal whether there is one to show the progress on
   * @param nanos a monotonic clock, in nanoseconds
   */
  PullLine(PrintWriter out, boolean terminal, LongSupplier nanos) {
    this.out = requireNonNull(out, "out");
    this.terminal = terminal;
    this.nanos = requireNonNull(nanos, "nanos");
  }

  @Override
  public synchronized void begun(long bytes, long before) {
    all = bytes;
    here = before;
    begunAt = nanos.getAsLong();
    shownAt = begunAt;
    show();
  }

  @Override
  public synchronized void received(long bytes) {
    come += bytes;
    if (nanos.getAsLong() - shownAt >= BETWEEN) {
      shownAt = nanos.getAsLong();
      show();
    }
  }

  /** Prints the reason once, on a terminal or not, since the waits between tries are long. */
  @Override
  public synchronized void trouble(String why) {
    if (!why.equals(told)) {
      end();
      out.println(why + "; trying again");
      out.flush();
      told = why;
    }
  }

  private void show() {
    if (!terminal || all == 0) {
      return;
    }
    double seconds = (nanos.getAsLong() - begunAt) / NANOS;
    double rate = seconds > 0 ? Math.max(0, come) / seconds : 0;
    String rest = rate > 0 ? ", %s left".formatted(time((all - here - come) / rate)) : "";
    String text =
        "%s of %s, %s/s%s"
            .formatted(
                DecimalSize.text(Math.max(0, here + come)),
                DecimalSize.text(all),
                DecimalSize.text((long) rate),
                rest);
    out.print(String.format(Locale.ROOT, "\r%-60s", text));
    out.flush();
    shown = true;
  }

  private static String time(double seconds) {
    long whole = Math.max(0, Math.round(seconds));
    return whole < 90 ? whole + " s" : (whole + 30) / 60 + " min";
  }

  @Override
  public void close() {
    end();
  }

  /** Ends the line; what is printed next stands on its own. */
  synchronized void end() {
    if (shown) {
      show();
      out.println();
      out.flush();
      shown = false;
    }
  }
}

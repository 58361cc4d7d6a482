package farm.darkroom.worker.command;

import static java.util.Objects.requireNonNull;

import farm.darkroom.worker.port.RenderListener;
import java.io.PrintWriter;
import java.util.Locale;
import java.util.function.LongSupplier;

/** The progress line of a render on a terminal. Not thread-safe. */
final class StepLine implements RenderListener, AutoCloseable {
  private static final double NANOS = 1e9;
  private final PrintWriter out;
  private final boolean terminal;
  private final LongSupplier nanos;
  private long begunAt;
  private boolean shown;

  /**
   * @param terminal whether there is one to show the progress on
   * @param nanos a monotonic clock, in nanoseconds
   */
  StepLine(PrintWriter out, boolean terminal, LongSupplier nanos) {
    this.out = requireNonNull(out, "out");
    this.terminal = terminal;
    this.nanos = requireNonNull(nanos, "nanos");
  }

  @Override
  public void step(int done, int of) {
    if (done == 0) {
      begunAt = nanos.getAsLong();
    }
    if (terminal) {
      double seconds = (nanos.getAsLong() - begunAt) / NANOS;
      double rate = seconds > 0 ? done / seconds : 0;
      out.print(String.format(Locale.ROOT, "\rstep %d of %d, %.2f it/s ", done, of, rate));
      out.flush();
      shown = true;
    }
  }

  /** Ends the line. */
  @Override
  public void close() {
    if (shown) {
      out.println();
      out.flush();
      shown = false;
    }
  }
}

package farm.darkroom.worker.command;

import static java.util.Objects.requireNonNull;

import farm.darkroom.worker.RenderWatch;
import java.io.PrintWriter;
import java.util.Locale;

/** One line on a terminal that says how far a render is. For one thread. */
final class StepLine implements RenderWatch, AutoCloseable {
  private static final double NANOS = 1e9;
  private final PrintWriter out;
  private final boolean terminal;
  private long begunAt;
  private boolean shown;

  /**
   * @param terminal false: says nothing
   */
  StepLine(PrintWriter out, boolean terminal) {
    this.out = requireNonNull(out, "out");
    this.terminal = terminal;
  }

  @Override
  public void step(int done, int of) {
    if (done == 0) {
      begunAt = System.nanoTime();
    }
    if (terminal) {
      double seconds = (System.nanoTime() - begunAt) / NANOS;
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

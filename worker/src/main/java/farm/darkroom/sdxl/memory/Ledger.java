package farm.darkroom.sdxl.memory;

/**
 * Counts the tensor elements that are alive at once, and the arithmetic, along a dry run of a model
 * that computes nothing. Not thread-safe.
 */
public final class Ledger {
  private long live;
  private long peak;
  private double work;

  /** Adds tensors of this many elements, which stay alive. */
  public void hold(long elements) {
    live += elements;
    peak = Math.max(peak, live);
  }

  /** Frees tensors of this many elements. */
  public void release(long elements) {
    live -= elements;
  }

  /** Notes a kernel's peak: the elements alive at its worst moment, including its result. */
  public void during(long elements) {
    peak = Math.max(peak, live + elements);
  }

  /** Floating-point operations of matrix products; two for a multiplication and an addition. */
  public void work(double operations) {
    work += operations;
  }

  /** The most elements that were alive at once. */
  public long peak() {
    return peak;
  }

  /** Operations of the whole walk. */
  public double work() {
    return work;
  }
}

package farm.darkroom.sdxl.memory;

/**
 * Counts the tensor elements that are alive at once, and the arithmetic, along a dry run of a model
 * that computes nothing. Not thread-safe.
 */
public final class Ledger {
  private long live;
  private long peak;
  private double work;

  /** Tensors of so many elements stay from now on. */
  public void hold(long elements) {
    live += elements;
    peak = Math.max(peak, live);
  }

  /** Tensors of so many elements are freed. */
  public void release(long elements) {
    live -= elements;
  }

  /** A kernel has so many elements alive at its worst moment, its result among them. */
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

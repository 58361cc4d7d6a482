package farm.darkroom.worker.render;

import static java.util.Objects.requireNonNull;

import java.util.SortedMap;
import java.util.TreeMap;
import java.util.function.LongSupplier;
import java.util.function.Supplier;

/** Adds up a render's time by stage, over all images. Not thread-safe. */
final class StageTimes {
  private static final double NANOS = 1e9;
  private final LongSupplier nanos;
  private final SortedMap<String, Double> seconds = new TreeMap<>();

  /**
   * @param nanos a monotonic clock, in nanoseconds
   */
  StageTimes(LongSupplier nanos) {
    this.nanos = requireNonNull(nanos, "nanos");
  }

  /** Runs a part of a stage. */
  <T> T time(String stage, Supplier<T> work) {
    long begun = nanos.getAsLong();
    try {
      return work.get();
    } finally {
      add(stage, (nanos.getAsLong() - begun) / NANOS);
    }
  }

  /** Adds seconds that were measured elsewhere. */
  void add(String stage, double measured) {
    seconds.merge(stage, measured, Double::sum);
  }

  /** Seconds in one stage. */
  double of(String stage) {
    return seconds.getOrDefault(stage, 0.0);
  }

  /** Seconds by stage. */
  SortedMap<String, Double> seconds() {
    return seconds;
  }
}

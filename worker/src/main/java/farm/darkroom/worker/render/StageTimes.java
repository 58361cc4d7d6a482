package farm.darkroom.worker.render;

import java.util.SortedMap;
import java.util.TreeMap;
import java.util.function.Supplier;

/** Where a render's time goes, by stage, over all images. For one thread. */
final class StageTimes {
  private static final double NANOS = 1e9;
  private final SortedMap<String, Double> seconds = new TreeMap<>();

  /** Runs a part of a stage. */
  <T> T time(String stage, Supplier<T> work) {
    long begun = System.nanoTime();
    try {
      return work.get();
    } finally {
      add(stage, (System.nanoTime() - begun) / NANOS);
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

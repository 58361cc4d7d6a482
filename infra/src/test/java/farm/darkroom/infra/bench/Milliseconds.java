package farm.darkroom.infra.bench;

import java.util.List;
import java.util.function.ToLongFunction;
import java.util.stream.DoubleStream;

/** How long something took, each time that it happened. */
record Milliseconds(List<Double> sorted) {
  private static final double NANOS = 1e6;

  static <T> Milliseconds of(List<T> rounds, ToLongFunction<T> nanos) {
    DoubleStream each = rounds.stream().mapToDouble(round -> nanos.applyAsLong(round) / NANOS);
    return new Milliseconds(each.sorted().boxed().toList());
  }

  double median() {
    return Median.of(sorted);
  }

  /** The nearest rank: a value that occurred. */
  double percentile(int percent) {
    int rank = (int) Math.ceil(percent / 100.0 * sorted.size());
    return sorted.get(Math.max(rank, 1) - 1);
  }
}

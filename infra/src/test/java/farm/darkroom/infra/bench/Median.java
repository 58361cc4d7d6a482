package farm.darkroom.infra.bench;

import java.util.List;

/** What as many are above as below. */
final class Median {
  private Median() {}

  /** Of an even number the mean of the middle two. */
  static double of(List<Double> values) {
    List<Double> sorted = values.stream().sorted().toList();
    int half = sorted.size() / 2;
    return sorted.size() % 2 == 1
        ? sorted.get(half)
        : (sorted.get(half - 1) + sorted.get(half)) / 2;
  }
}

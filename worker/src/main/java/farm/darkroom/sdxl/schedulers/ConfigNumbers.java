package farm.darkroom.sdxl.schedulers;

import java.util.List;

/** Numbers in parsed JSON, with the infinities that Python writes. */
final class ConfigNumbers {
  private ConfigNumbers() {}

  /** The number, or null if it is none; NaN is none. */
  static Double real(Object found) {
    if (found instanceof Number number && !Double.isNaN(number.doubleValue())) {
      return number.doubleValue();
    }
    if (found instanceof String word) {
      return switch (word) {
        case "Infinity", "inf" -> Double.POSITIVE_INFINITY;
        case "-Infinity", "-inf" -> Double.NEGATIVE_INFINITY;
        default -> null;
      };
    }
    return null;
  }

  /** The numbers of a list, or null if it is no list or holds anything else. */
  static List<Double> reals(Object found) {
    if (!(found instanceof List<?> list)) {
      return null;
    }
    List<Double> values = list.stream().map(ConfigNumbers::real).toList();
    return values.contains(null) ? null : values;
  }
}

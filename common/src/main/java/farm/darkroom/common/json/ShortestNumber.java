package farm.darkroom.common.json;

import java.math.BigDecimal;
import java.math.MathContext;
import java.math.RoundingMode;
import java.util.Optional;
import java.util.stream.Stream;

/**
 * ECMAScript's Number::toString (ECMA-262, 6.1.6.1.20): the fewest digits that read back as the
 * same double, of those the nearest. Double.toString of Java 17 does not always find the fewest.
 */
final class ShortestNumber {
  private static final int ALWAYS_ENOUGH = 17;
  private static final int FEW_DECIMALS = 6;

  /** Decimals of so many digits are all different doubles. */
  private static final long FIFTEEN_DIGITS = 999_999_999_999_999L;

  private ShortestNumber() {}

  static String of(double value) {
    if (!Double.isFinite(value)) {
      throw new IllegalArgumentException("JSON has no number " + value);
    }
    double size = Math.abs(value);
    if (size <= FIFTEEN_DIGITS && size == Math.rint(size)) {
      return Long.toString((long) value);
    }
    BigDecimal shortest = plain(size).orElseGet(() -> shortest(new BigDecimal(size), size));
    return (value < 0 ? "-" : "") + layOut(shortest.stripTrailingZeros());
  }

  /** A number of few decimals, as most are, found without long arithmetic. */
  private static Optional<BigDecimal> plain(double size) {
    double scale = 1;
    for (int decimals = 0; decimals <= FEW_DECIMALS; decimals++) {
      long digits = Math.round(size * scale);
      if (digits > FIFTEEN_DIGITS) {
        return Optional.empty();
      }
      if (digits / scale == size) {
        return Optional.of(BigDecimal.valueOf(digits, decimals));
      }
      scale *= 10;
    }
    return Optional.empty();
  }

  private static BigDecimal shortest(BigDecimal exact, double value) {
    for (int digits = 1; digits < ALWAYS_ENOUGH; digits++) {
      MathContext down = new MathContext(digits, RoundingMode.DOWN);
      MathContext up = new MathContext(digits, RoundingMode.UP);
      BigDecimal nearest =
          Stream.of(exact.round(down), exact.round(up))
              .filter(d -> d.doubleValue() == value)
              .min((a, b) -> a.subtract(exact).abs().compareTo(b.subtract(exact).abs()))
              .orElse(null);
      if (nearest != null) {
        return nearest;
      }
    }
    return exact.round(new MathContext(ALWAYS_ENOUGH, RoundingMode.HALF_EVEN));
  }

  private static String layOut(BigDecimal value) {
    String digits = value.unscaledValue().toString();
    int point = digits.length() - value.scale();
    if (point > 21 || point <= -6) {
      String fraction = digits.length() > 1 ? "." + digits.substring(1) : "";
      return digits.charAt(0) + fraction + (point > 0 ? "e+" : "e-") + Math.abs(point - 1);
    }
    if (point <= 0) {
      return "0." + "0".repeat(-point) + digits;
    }
    return point >= digits.length()
        ? digits + "0".repeat(point - digits.length())
        : digits.substring(0, point) + "." + digits.substring(point);
  }
}

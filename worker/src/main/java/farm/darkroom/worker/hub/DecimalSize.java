package farm.darkroom.worker.hub;

import java.util.List;
import java.util.Locale;

/** Formats sizes in powers of ten, as the hub does. */
public final class DecimalSize {
  private static final List<String> UNITS = List.of("kB", "MB", "GB", "TB", "PB", "EB");
  private static final double STEP = 1000;

  private DecimalSize() {}

  /** Such as {@code 6.9 GB}. */
  public static String text(long bytes) {
    if (bytes < STEP) {
      return bytes + " B";
    }
    double value = bytes;
    int unit = -1;
    while (value >= STEP && unit < UNITS.size() - 1) {
      value /= STEP;
      unit++;
    }
    return String.format(Locale.ROOT, value < 10 ? "%.1f %s" : "%.0f %s", value, UNITS.get(unit));
  }
}

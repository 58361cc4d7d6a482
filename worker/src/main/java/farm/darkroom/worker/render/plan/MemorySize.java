package farm.darkroom.worker.render.plan;

import farm.darkroom.common.FailureKind;
import farm.darkroom.common.FarmException;
import java.math.BigDecimal;
import java.util.LinkedHashMap;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** Parses and formats amounts of memory. */
public final class MemorySize {
  private static final Pattern TYPED = Pattern.compile("(\\d{1,9}(?:\\.\\d{1,9})?)\\s*([A-Za-z]+)");
  private static final Map<String, Long> UNITS = units();
  private static final double GIGA = 1e9;
  private static final double MEGA = 1e6;

  private MemorySize() {}

  private static Map<String, Long> units() {
    Map<String, Long> units = new LinkedHashMap<>();
    units.put("mb", 1_000_000L);
    units.put("gb", 1_000_000_000L);
    units.put("tb", 1_000_000_000_000L);
    units.put("mib", 1L << 20);
    units.put("gib", 1L << 30);
    units.put("tib", 1L << 40);
    return units;
  }

  /**
   * Bytes of a size such as {@code 4GB} or {@code 1.5 GiB}.
   *
   * @param name of the flag or variable, for the error
   * @throws FarmException WORKER_UNFIT naming what was found and what is allowed
   */
  public static long parse(String name, String typed) {
    return bytes(typed.strip())
        .orElseThrow(
            () ->
                new FarmException(
                    FailureKind.WORKER_UNFIT,
                    "%s: found '%s', allowed: sizes above 0 in MB, GB, TB, MiB, GiB or TiB, such as 4GB"
                        .formatted(name, typed)));
  }

  private static Optional<Long> bytes(String typed) {
    Matcher parts = TYPED.matcher(typed);
    if (!parts.matches()) {
      return Optional.empty();
    }
    Long unit = UNITS.get(parts.group(2).toLowerCase(Locale.ROOT));
    return Optional.ofNullable(unit)
        .map(bytes -> new BigDecimal(parts.group(1)).multiply(BigDecimal.valueOf(bytes)))
        .filter(bytes -> bytes.signum() > 0)
        .filter(bytes -> bytes.compareTo(BigDecimal.valueOf(Long.MAX_VALUE)) < 0)
        .map(BigDecimal::longValue);
  }

  /** Such as {@code 5.14 GB} or {@code 310 MB}. */
  public static String text(long bytes) {
    return Math.abs(bytes) >= GIGA
        ? String.format(Locale.ROOT, "%.2f GB", bytes / GIGA)
        : String.format(Locale.ROOT, "%d MB", Math.round(bytes / MEGA));
  }
}

package farm.darkroom.worker.port;

import java.util.Locale;
import java.util.Optional;

/**
 * Where a model's weights are kept while it renders, from fastest with most memory to slowest with
 * least.
 */
public enum Residency {
  /** All weights stay on the device. */
  RESIDENT,
  /** One component at a time. */
  MODEL,
  /** Block by block from the mapped file. */
  SEQUENTIAL;

  /** The next one that needs less memory; empty at the floor. */
  public Optional<Residency> lower() {
    return switch (this) {
      case RESIDENT -> Optional.of(MODEL);
      case MODEL -> Optional.of(SEQUENTIAL);
      case SEQUENTIAL -> Optional.empty();
    };
  }

  /** Its name in records and heartbeats, such as {@code sequential}. */
  public String label() {
    return name().toLowerCase(Locale.ROOT);
  }
}

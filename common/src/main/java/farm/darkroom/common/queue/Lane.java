package farm.darkroom.common.queue;

import java.util.Locale;

/** A queue's lanes, most urgent first. */
public enum Lane {
  HIGH,
  NORMAL,
  LOW;

  /** The lane's name in topics and flags, such as {@code normal}. */
  public String label() {
    return name().toLowerCase(Locale.ROOT);
  }

  /**
   * The lane of that label.
   *
   * @throws IllegalArgumentException when there is none
   */
  public static Lane of(String label) {
    return valueOf(label.toUpperCase(Locale.ROOT));
  }
}

package farm.darkroom.common.queue;

/** A queue's lanes, most urgent first. */
public enum Lane {
  HIGH,
  NORMAL,
  LOW;

  /** The lane's name in topics and flags, such as {@code normal}. */
  public String label() {
    return name().toLowerCase(java.util.Locale.ROOT);
  }
}

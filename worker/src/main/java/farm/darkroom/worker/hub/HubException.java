package farm.darkroom.worker.hub;

/** A download that cannot be done. The message is a single line for the user. */
public final class HubException extends RuntimeException {
  private static final long serialVersionUID = 1L;
  private final boolean refused;

  private HubException(String message, Throwable cause, boolean refused) {
    super(message, cause);
    this.refused = refused;
  }

  /** What was asked for is wrong, missing or not allowed: asking again does not help. */
  public static HubException refused(String message) {
    return new HubException(message, null, true);
  }

  /** The download failed on the way. */
  public static HubException failed(String message, Throwable cause) {
    return new HubException(message, cause, false);
  }

  /** Whether what was asked for is wrong. */
  public boolean isRefused() {
    return refused;
  }
}

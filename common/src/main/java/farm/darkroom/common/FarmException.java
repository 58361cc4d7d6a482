package farm.darkroom.common;

import static java.util.Objects.requireNonNull;

/**
 * The one exception of the farm. Its message is one line that says what was found, what was
 * expected and where; it reaches users and dead letters as it is.
 */
public final class FarmException extends RuntimeException {
  private static final long serialVersionUID = 1L;
  private final FailureKind kind;

  public FarmException(FailureKind kind, String message) {
    this(kind, message, null);
  }

  public FarmException(FailureKind kind, String message, Throwable cause) {
    super(message, cause);
    this.kind = requireNonNull(kind, "kind");
  }

  public FailureKind kind() {
    return kind;
  }

  /** A job that no worker can render. */
  public static FarmException invalidJob(String message) {
    return new FarmException(FailureKind.INVALID_JOB, message);
  }
}

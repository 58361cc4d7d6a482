package farm.darkroom.common;

import static java.util.Objects.requireNonNull;

/**
 * The farm's only exception type. Its message is a single line that says what was found, what was
 * expected and where; users and dead letters see it unchanged.
 */
public final class FarmException extends RuntimeException {
  private static final long serialVersionUID = 1L;
  private final FailureKind kind;
  private final boolean passing;

  public FarmException(FailureKind kind, String message) {
    this(kind, message, null);
  }

  public FarmException(FailureKind kind, String message, Throwable cause) {
    this(kind, message, cause, false);
  }

  /**
   * @param passing whether it may pass by itself: somebody is away, and nobody has refused
   */
  public FarmException(FailureKind kind, String message, Throwable cause, boolean passing) {
    super(message, cause);
    this.kind = requireNonNull(kind, "kind");
    this.passing = passing;
  }

  public FailureKind kind() {
    return kind;
  }

  /** Whether it may pass by itself, and nobody need do anything but wait. */
  public boolean isTransient() {
    return passing;
  }

  /** A job that no worker can render. */
  public static FarmException invalidJob(String message) {
    return new FarmException(FailureKind.INVALID_JOB, message);
  }
}

package farm.darkroom.worker.hub;

import java.time.Duration;
import java.util.Optional;

/** The hub cannot answer now, but may later. */
final class RetryLater extends Exception {
  private static final long serialVersionUID = 1L;
  private final transient Optional<Duration> wait;

  /**
   * @param wait how long the hub asks to wait
   */
  RetryLater(String message, Optional<Duration> wait) {
    super(message);
    this.wait = wait;
  }

  Optional<Duration> asked() {
    return wait;
  }
}

package farm.darkroom.worker.hub;

import java.time.Duration;

/** Spends the time between two attempts. */
@FunctionalInterface
public interface RetryPause {

  void pause(Duration wait) throws InterruptedException;

  /** Real time. */
  static RetryPause real() {
    return wait -> Thread.sleep(wait.toMillis());
  }
}

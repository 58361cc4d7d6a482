package farm.darkroom.worker.hub;

import java.time.Duration;

/** Spends the time between two attempts. */
@FunctionalInterface
public interface Waits {

  void pause(Duration wait) throws InterruptedException;

  /** Real time. */
  static Waits real() {
    return wait -> Thread.sleep(wait.toMillis());
  }
}

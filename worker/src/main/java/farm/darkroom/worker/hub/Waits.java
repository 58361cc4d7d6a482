package farm.darkroom.worker.hub;

import java.time.Duration;

/** How the time between two tries is spent. */
@FunctionalInterface
public interface Waits {

  void pause(Duration wait) throws InterruptedException;

  /** Real time. */
  static Waits real() {
    return wait -> Thread.sleep(wait.toMillis());
  }
}

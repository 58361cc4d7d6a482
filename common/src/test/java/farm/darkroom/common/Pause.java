package farm.darkroom.common;

import java.time.Duration;
import java.util.concurrent.locks.LockSupport;

/** For what lasts as long as it lasts, such as an outage. */
public final class Pause {
  private Pause() {}

  public static void of(Duration length) {
    long end = System.nanoTime() + length.toNanos();
    for (long left = length.toNanos(); left > 0; left = end - System.nanoTime()) {
      LockSupport.parkNanos(left);
    }
  }
}

package farm.darkroom.common;

import static org.assertj.core.api.Assertions.fail;

import java.time.Duration;
import java.util.concurrent.locks.LockSupport;
import java.util.function.BooleanSupplier;

/** Waits for what must become true. */
public final class Await {
  private static final Duration LOOK = Duration.ofMillis(5);
  private static final Duration LONG = Duration.ofSeconds(30);

  private Await() {}

  /** For what comes at once where nothing else goes on. */
  public static void until(BooleanSupplier condition) {
    until("what was awaited", LONG, condition);
  }

  public static void until(String what, Duration atMost, BooleanSupplier condition) {
    until(what, atMost, LOOK, condition);
  }

  /** Looks less often, where looking costs something. */
  public static void until(String what, Duration atMost, Duration look, BooleanSupplier condition) {
    long deadline = System.nanoTime() + atMost.toNanos();
    while (!condition.getAsBoolean()) {
      if (System.nanoTime() > deadline) {
        fail("not within %s: %s", atMost, what);
      }
      LockSupport.parkNanos(look.toNanos());
    }
  }
}

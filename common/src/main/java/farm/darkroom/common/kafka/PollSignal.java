package farm.darkroom.common.kafka;

import java.util.concurrent.TimeUnit;
import java.util.function.BooleanSupplier;

/** Where one thread waits for whichever of several fetches brings something first. Thread-safe. */
final class PollSignal {

  /** Signals that something has arrived. */
  synchronized void signal() {
    notifyAll();
  }

  /**
   * Waits, until a moment of {@link System#nanoTime} at most.
   *
   * @param arrived looked at once more whenever something came
   * @return what it said last
   */
  synchronized boolean await(BooleanSupplier arrived, long deadline) throws InterruptedException {
    long left = deadline - System.nanoTime();
    boolean there = arrived.getAsBoolean();
    while (!there && left > 0) {
      TimeUnit.NANOSECONDS.timedWait(this, left);
      left = deadline - System.nanoTime();
      there = arrived.getAsBoolean();
    }
    return there;
  }
}

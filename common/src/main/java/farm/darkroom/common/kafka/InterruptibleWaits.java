package farm.darkroom.common.kafka;

import java.util.function.Supplier;

/** Lets one thread at a time wait, and another end the waiting for good. Thread-safe. */
final class InterruptibleWaits {
  private Thread waiting;
  private boolean over;

  /**
   * Allows this thread to wait until {@link #end}.
   *
   * @return false when that is over
   */
  synchronized boolean begin() {
    if (!over) {
      waiting = Thread.currentThread();
    }
    return !over;
  }

  /** Ends this thread's wait, after which it is no longer interrupted. */
  synchronized void end() {
    waiting = null;
    if (over) {
      boolean unused = Thread.interrupted();
    }
  }

  /** Makes a call that is short and must not be interrupted; {@link #stop} waits for it. */
  synchronized <T> T uninterrupted(Supplier<T> call) {
    boolean interrupted = Thread.interrupted();
    try {
      return call.get();
    } finally {
      if (interrupted) {
        Thread.currentThread().interrupt();
      }
    }
  }

  synchronized boolean isStopped() {
    return over;
  }

  /** Interrupts the waiting thread, and lets no other wait from now on. */
  synchronized void stop() {
    over = true;
    if (waiting != null) {
      waiting.interrupt();
    }
  }
}

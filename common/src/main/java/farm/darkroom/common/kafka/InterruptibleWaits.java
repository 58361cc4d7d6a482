package farm.darkroom.common.kafka;

import java.util.function.Supplier;

/** Lets one thread at a time wait, and another end the waiting for good. Thread-safe. */
final class InterruptibleWaits {
  private Thread waiting;
  private boolean over;

  /**
   * Registers the calling thread as the one that {@link #stop} interrupts, until it calls {@link
   * #end}.
   *
   * @return false when that is over
   */
  synchronized boolean begin() {
    if (!over) {
      waiting = Thread.currentThread();
    }
    return !over;
  }

  /** Unregisters the calling thread, which {@link #stop} no longer interrupts. */
  synchronized void end() {
    waiting = null;
    if (over) {
      boolean unused = Thread.interrupted();
    }
  }

  /** Runs a short call that must not be interrupted; {@link #stop} waits until it has returned. */
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

  /** Interrupts the registered thread and makes every later {@link #begin} return false. */
  synchronized void stop() {
    over = true;
    if (waiting != null) {
      waiting.interrupt();
    }
  }
}

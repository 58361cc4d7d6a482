package farm.darkroom.worker.health;

import java.time.Duration;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;

/** Monotonic time, and waits that end early when the worker is told to stop. Thread-safe. */
public interface StoppableTime {

  /** Nanoseconds since some moment; never goes back, whatever the wall clock does. */
  long nanos();

  /**
   * Waits.
   *
   * @return false when the worker is to stop, at once if it already was
   */
  boolean pause(Duration wait);

  /** Tells the worker to stop. */
  void stop();

  boolean stopping();

  /** Real time. */
  static StoppableTime real() {
    return new SystemTime();
  }

  /** Real time on {@link System#nanoTime}. */
  final class SystemTime implements StoppableTime {
    private final CountDownLatch stop = new CountDownLatch(1);

    @Override
    public long nanos() {
      return System.nanoTime();
    }

    @Override
    public boolean pause(Duration wait) {
      try {
        return !stop.await(wait.toNanos(), TimeUnit.NANOSECONDS);
      } catch (InterruptedException e) {
        Thread.currentThread().interrupt();
        return false;
      }
    }

    @Override
    public void stop() {
      stop.countDown();
    }

    @Override
    public boolean stopping() {
      return stop.getCount() == 0;
    }
  }
}

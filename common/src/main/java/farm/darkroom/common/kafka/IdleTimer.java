package farm.darkroom.common.kafka;

import farm.darkroom.common.DaemonThreads;
import java.time.Duration;
import java.util.concurrent.ScheduledFuture;
import java.util.concurrent.ScheduledThreadPoolExecutor;
import java.util.concurrent.TimeUnit;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Runs an action a fixed time after the last {@link #begin}, unless it is cancelled first. Frequent
 * calls of {@code begin} do not wake its thread each time. Thread-safe.
 */
final class IdleTimer implements AutoCloseable {
  private static final Logger log = LoggerFactory.getLogger(IdleTimer.class);

  private final Runnable action;
  private final ScheduledThreadPoolExecutor timer;
  private ScheduledFuture<?> check;
  private long checkAt;
  private long endsAt;
  private boolean begun;

  IdleTimer(Runnable action) {
    this.action = action;
    this.timer = new ScheduledThreadPoolExecutor(1, DaemonThreads.named("darkroom-lanes"));
    timer.setRemoveOnCancelPolicy(true);
  }

  synchronized void begin(Duration length) {
    endsAt = System.nanoTime() + length.toNanos();
    begun = true;
    if (check != null && checkAt - endsAt > 0) {
      check.cancel(false);
      check = null;
    }
    if (check == null) {
      schedule(length.toNanos());
    }
  }

  synchronized void cancel() {
    begun = false;
  }

  private void schedule(long nanos) {
    checkAt = endsAt;
    check = timer.schedule(this::run, nanos, TimeUnit.NANOSECONDS);
  }

  private synchronized boolean isOver() {
    check = null;
    long left = endsAt - System.nanoTime();
    boolean over = begun && left <= 0;
    if (begun && !over) {
      schedule(left);
    }
    begun = begun && !over;
    return over;
  }

  @Override
  public synchronized void close() {
    begun = false;
    timer.shutdownNow();
  }

  private void run() {
    try {
      if (isOver()) {
        action.run();
      }
    } catch (RuntimeException e) {
      log.warn("closing idle lanes: {}", e.getMessage());
    }
  }
}

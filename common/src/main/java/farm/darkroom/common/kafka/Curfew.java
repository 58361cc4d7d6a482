package farm.darkroom.common.kafka;

import java.time.Duration;
import java.util.concurrent.ScheduledFuture;
import java.util.concurrent.ScheduledThreadPoolExecutor;
import java.util.concurrent.TimeUnit;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Runs an action some time after the last {@link #begin}, unless cancelled. Closing waits a little
 * for one that is under way. Thread-safe.
 */
final class Curfew implements AutoCloseable {
  private static final Logger LOG = LoggerFactory.getLogger(Curfew.class);

  private static final Duration LAST = Duration.ofSeconds(3);

  private final Runnable action;
  private final ScheduledThreadPoolExecutor timer;
  private ScheduledFuture<?> pending;

  Curfew(Runnable action) {
    this.action = action;
    this.timer = new ScheduledThreadPoolExecutor(1, Curfew::daemon);
    timer.setRemoveOnCancelPolicy(true);
    timer.setExecuteExistingDelayedTasksAfterShutdownPolicy(false);
  }

  synchronized void begin(Duration length) {
    cancel();
    pending = timer.schedule(this::run, length.toNanos(), TimeUnit.NANOSECONDS);
  }

  synchronized void cancel() {
    if (pending != null) {
      pending.cancel(false);
      pending = null;
    }
  }

  @Override
  public void close() {
    timer.shutdown();
    try {
      if (!timer.awaitTermination(LAST.toNanos(), TimeUnit.NANOSECONDS)) {
        LOG.debug("idle lanes are still being closed");
      }
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
  }

  private void run() {
    try {
      action.run();
    } catch (RuntimeException e) {
      LOG.warn("closing idle lanes: {}", e.getMessage());
    }
  }

  private static Thread daemon(Runnable work) {
    Thread thread = new Thread(work, "darkroom-lanes");
    thread.setDaemon(true);
    return thread;
  }
}

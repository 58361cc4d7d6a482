package farm.darkroom.common.kafka;

import farm.darkroom.common.DaemonThreads;
import java.time.Duration;
import java.util.concurrent.ScheduledFuture;
import java.util.concurrent.ScheduledThreadPoolExecutor;
import java.util.concurrent.TimeUnit;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Runs an action some time after the last {@link #begin}, unless cancelled. Thread-safe. */
final class Curfew implements AutoCloseable {
  private static final Logger log = LoggerFactory.getLogger(Curfew.class);

  private final Runnable action;
  private final ScheduledThreadPoolExecutor timer;
  private ScheduledFuture<?> pending;

  Curfew(Runnable action) {
    this.action = action;
    this.timer = new ScheduledThreadPoolExecutor(1, DaemonThreads.named("darkroom-lanes"));
    timer.setRemoveOnCancelPolicy(true);
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
    timer.shutdownNow();
  }

  private void run() {
    try {
      action.run();
    } catch (RuntimeException e) {
      log.warn("closing idle lanes: {}", e.getMessage());
    }
  }
}

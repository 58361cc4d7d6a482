package farm.darkroom.worker.health;

import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.time.ZoneId;
import java.time.ZoneOffset;
import java.util.ArrayList;
import java.util.List;

/** Time that passes when it is told to, or when somebody waits. Thread-safe. */
public final class ManualTime extends Clock implements StoppableTime {
  private final List<Duration> pauses = new ArrayList<>();
  private final List<Runnable> duringPauses = new ArrayList<>();
  private long nanos;
  private boolean stopping;

  public synchronized void advance(Duration by) {
    nanos += by.toNanos();
  }

  /** Runs in the next pause that has nothing to run yet, before it ends. */
  public synchronized void inNextPause(Runnable event) {
    duringPauses.add(event);
  }

  /** Every wait so far. */
  public synchronized List<Duration> pauses() {
    return List.copyOf(pauses);
  }

  @Override
  public synchronized long nanos() {
    return nanos;
  }

  @Override
  public synchronized boolean pause(Duration wait) {
    if (stopping) {
      return false;
    }
    pauses.add(wait);
    advance(wait);
    if (!duringPauses.isEmpty()) {
      duringPauses.remove(0).run();
    }
    return !stopping;
  }

  @Override
  public synchronized void stop() {
    stopping = true;
  }

  @Override
  public synchronized boolean stopping() {
    return stopping;
  }

  @Override
  public synchronized Instant instant() {
    return Instant.parse("2026-01-31T12:00:00Z").plusNanos(nanos);
  }

  @Override
  public ZoneId getZone() {
    return ZoneOffset.UTC;
  }

  @Override
  public Clock withZone(ZoneId zone) {
    return this;
  }
}

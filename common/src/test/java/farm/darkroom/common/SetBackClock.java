package farm.darkroom.common;

import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.time.ZoneId;
import java.time.ZoneOffset;
import java.util.concurrent.atomic.AtomicLong;

/** A wall clock that is set back an hour whenever somebody looks at it. Thread-safe. */
public final class SetBackClock extends Clock {
  private final AtomicLong hours = new AtomicLong();
  private final Instant start;

  public SetBackClock(Instant start) {
    this.start = start;
  }

  @Override
  public Instant instant() {
    return start.minus(Duration.ofHours(hours.getAndIncrement()));
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

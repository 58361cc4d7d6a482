package farm.darkroom.infra.chaos;

import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.time.ZoneId;
import java.util.SplittableRandom;

/** A wall clock that is set anew, up to an hour off, every few times that somebody looks at it. */
final class JumpingClock extends Clock {
  private static final long HOUR_SECONDS = 3600;
  private final Clock real;
  private final SplittableRandom random;
  private Duration off = Duration.ZERO;

  JumpingClock(Clock real, long seed) {
    this.real = real;
    this.random = new SplittableRandom(seed);
  }

  @Override
  public synchronized Instant instant() {
    if (random.nextInt(4) == 0) {
      off = Duration.ofSeconds(random.nextLong(-HOUR_SECONDS, HOUR_SECONDS));
    }
    return real.instant().plus(off);
  }

  @Override
  public ZoneId getZone() {
    return real.getZone();
  }

  @Override
  public Clock withZone(ZoneId zone) {
    return new JumpingClock(real.withZone(zone), random.nextLong());
  }
}

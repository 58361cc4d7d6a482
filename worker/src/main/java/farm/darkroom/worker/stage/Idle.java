package farm.darkroom.worker.stage;

import farm.darkroom.common.Backoff;
import farm.darkroom.common.FarmException;
import farm.darkroom.worker.lease.OutageRetry;
import java.time.Duration;
import java.util.Optional;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Waiting for a job.
 *
 * @param outages how often in a row the broker did not answer
 */
record Idle(int outages) implements Stage {
  private static final Logger log = LoggerFactory.getLogger(Idle.class);
  private static final Duration LEASE_WAIT = Duration.ofSeconds(1);
  private static final Backoff OUTAGE = new Backoff(Duration.ofMillis(250), Duration.ofSeconds(10));

  Idle() {
    this(0);
  }

  @Override
  public Stage advance(StageContext context) {
    if (context.telemetry().time().stopping()) {
      return new Stopped(Optional.empty());
    }
    if (context.consumer().draining()) {
      log.info("drained: no job is held, none is taken");
      return new Stopped(Optional.empty());
    }
    return context.consumer().paused() ? new Paused() : lease(context);
  }

  private Stage lease(StageContext context) {
    try {
      Optional<Leased> leased = context.consumer().lease(LEASE_WAIT);
      context.telemetry().status().answered();
      return leased.isPresent() ? leased.get() : new Idle();
    } catch (FarmException e) {
      if (!OutageRetry.isOutage(e)) {
        return new Stopped(Optional.of(e));
      }
      log.warn("{}; trying again", e.getMessage());
      context.telemetry().status().unanswered(e.getMessage());
      return context.telemetry().time().pause(OUTAGE.after(outages + 1))
          ? new Idle(outages + 1)
          : new Idle();
    }
  }
}

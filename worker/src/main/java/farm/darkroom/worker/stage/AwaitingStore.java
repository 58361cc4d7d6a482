package farm.darkroom.worker.stage;

import static java.util.Objects.requireNonNull;

import farm.darkroom.common.Backoff;
import farm.darkroom.common.FarmException;
import farm.darkroom.worker.lease.OutageRetry;
import java.time.Duration;

/**
 * The store does not answer this worker, which takes no job until it does.
 *
 * @param key what it is asked for
 * @param why what it said last
 * @param looks how often it was asked in vain
 */
record AwaitingStore(String key, String why, int looks) implements Stage {
  private static final Backoff LOOK = new Backoff(Duration.ofSeconds(1), Duration.ofSeconds(15));

  AwaitingStore {
    requireNonNull(key, "key");
    requireNonNull(why, "why");
  }

  AwaitingStore(String key, String why) {
    this(key, why, 0);
  }

  @Override
  public String label() {
    return "awaiting store";
  }

  @Override
  public Stage advance(StageContext context) {
    context.telemetry().status().unanswered(why);
    boolean leaves = context.consumer().draining();
    if (leaves || !context.telemetry().time().pause(LOOK.after(looks + 1))) {
      return new Idle();
    }
    try {
      boolean unused = context.results().store().exists(key);
    } catch (FarmException e) {
      if (OutageRetry.isOutage(e)) {
        return new AwaitingStore(key, e.getMessage(), looks + 1);
      }
    }
    context.telemetry().status().answered();
    return new Idle();
  }
}

package farm.darkroom.worker.lease;

import static java.util.Objects.requireNonNull;

import farm.darkroom.common.Backoff;
import farm.darkroom.common.FailureKind;
import farm.darkroom.common.FarmException;
import farm.darkroom.worker.health.StoppableTime;
import farm.darkroom.worker.port.RenderStopped;
import farm.darkroom.worker.port.Stop;
import java.time.Duration;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.ConcurrentHashMap;
import java.util.function.BooleanSupplier;
import java.util.function.Supplier;
import java.util.random.RandomGenerator;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Repeats a call through outages of store and queue while a job is held, with back-off and jitter,
 * for as long as the lease lasts. Thread-safe if {@code random} is.
 */
public final class OutageRetry {
  private static final Logger log = LoggerFactory.getLogger(OutageRetry.class);
  private final Backoff backoff;
  private final RandomGenerator random;
  private final StoppableTime time;
  private final Map<Object, String> outages = new ConcurrentHashMap<>();

  public OutageRetry(Backoff backoff, RandomGenerator random, StoppableTime time) {
    this.backoff = requireNonNull(backoff, "backoff");
    this.random = requireNonNull(random, "random");
    this.time = requireNonNull(time, "time");
  }

  /** Whether waiting may help: something outside this worker does not answer. */
  public static boolean isOutage(FarmException e) {
    return e.kind() == FailureKind.STORE_UNAVAILABLE || e.kind() == FailureKind.QUEUE_UNAVAILABLE;
  }

  /** The service that is being waited for, as a sentence; empty if there is none. */
  public Optional<String> outage() {
    return outages.values().stream().findFirst();
  }

  /**
   * Repeats the call until it is answered.
   *
   * @throws RenderStopped when the lease is lost, or the worker is to stop, before that
   * @throws FarmException what the call throws that is no outage
   */
  public <T> T untilAnswered(HeldJob held, Supplier<T> call) {
    return untilAnswered(held.kept()::lost, Long.MAX_VALUE, call);
  }

  /**
   * Repeats the call for a limited time, for a job that other workers could do as well.
   *
   * @param most how long an outage is waited for
   * @throws FarmException also the outage, when it lasts longer
   */
  public <T> T untilAnswered(HeldJob held, Duration most, Supplier<T> call) {
    return untilAnswered(held.kept()::lost, most.toNanos(), call);
  }

  /**
   * Repeats a call that needs no lease.
   *
   * @param most how long an outage is waited for
   * @throws RenderStopped when the worker is to stop before that
   * @throws FarmException what the call throws that is no outage; the outage, when it lasts longer
   */
  public <T> T untilAnswered(Duration most, Supplier<T> call) {
    return untilAnswered(() -> false, most.toNanos(), call);
  }

  private <T> T untilAnswered(BooleanSupplier lost, long most, Supplier<T> call) {
    long begun = time.nanos();
    Object waiting = new Object();
    try {
      for (int failures = 1; ; failures++) {
        if (lost.getAsBoolean()) {
          throw new RenderStopped(Stop.LEASE_LOST);
        }
        try {
          return call.get();
        } catch (FarmException e) {
          if (!isOutage(e) || time.nanos() - begun >= most) {
            throw e;
          }
          outages.put(waiting, e.getMessage());
          awaitNextAttempt(e, failures);
        }
      }
    } finally {
      outages.remove(waiting);
    }
  }

  private void awaitNextAttempt(FarmException e, int failures) {
    log.warn("{}; trying again", e.getMessage());
    if (!time.pause(backoff.after(failures, random))) {
      throw new RenderStopped(Stop.SHUTDOWN);
    }
  }
}

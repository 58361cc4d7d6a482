package farm.darkroom.worker.stage;

import static java.util.Objects.requireNonNull;

import farm.darkroom.worker.pulse.Metrics;
import farm.darkroom.worker.pulse.Pace;
import farm.darkroom.worker.pulse.WorkerStatus;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;

/**
 * The worker's sense of time, and what it shows of itself. Thread-safe.
 *
 * @param pace for all that lasts
 * @param clock for what others said when it was
 */
public record Pulse(WorkerStatus status, Metrics metrics, Pace pace, Clock clock) {
  public Pulse {
    requireNonNull(status, "status");
    requireNonNull(metrics, "metrics");
    requireNonNull(pace, "pace");
    requireNonNull(clock, "clock");
  }

  /** How long ago {@code then} was by the wall clock; negative where another's clock is ahead. */
  Duration since(Instant then) {
    return Duration.between(then, clock.instant());
  }
}

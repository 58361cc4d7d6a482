package farm.darkroom.worker.stage;

import static java.util.Objects.requireNonNull;

import farm.darkroom.worker.health.Metrics;
import farm.darkroom.worker.health.StoppableTime;
import farm.darkroom.worker.health.WorkerStatus;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;

/**
 * The worker's clocks, its status and its metrics. Thread-safe.
 *
 * @param time for durations
 * @param clock for moments that other machines stated
 */
public record Telemetry(WorkerStatus status, Metrics metrics, StoppableTime time, Clock clock) {
  public Telemetry {
    requireNonNull(status, "status");
    requireNonNull(metrics, "metrics");
    requireNonNull(time, "time");
    requireNonNull(clock, "clock");
  }

  /** How long ago {@code then} was by the wall clock; negative where another's clock is ahead. */
  Duration since(Instant then) {
    return Duration.between(then, clock.instant());
  }
}

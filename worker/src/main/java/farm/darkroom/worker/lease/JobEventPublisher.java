package farm.darkroom.worker.lease;

import static java.util.Objects.requireNonNull;

import farm.darkroom.common.FarmException;
import farm.darkroom.common.job.JobEvent;
import farm.darkroom.common.job.JobState;
import farm.darkroom.common.queue.EventLog;
import farm.darkroom.worker.health.Metrics;
import java.time.Clock;
import java.util.List;
import java.util.Optional;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Publishes held jobs' events, however long the event log is away. Thread-safe. */
public final class JobEventPublisher {
  private static final Logger log = LoggerFactory.getLogger(JobEventPublisher.class);
  private final String worker;
  private final EventLog events;
  private final OutageRetry retry;
  private final Metrics metrics;
  private final Clock clock;

  public JobEventPublisher(
      String worker, EventLog events, OutageRetry retry, Metrics metrics, Clock clock) {
    this.worker = requireNonNull(worker, "worker");
    this.events = requireNonNull(events, "events");
    this.retry = requireNonNull(retry, "retry");
    this.metrics = requireNonNull(metrics, "metrics");
    this.clock = requireNonNull(clock, "clock");
  }

  /** Publishes the job's new state, and waits until the log has it. */
  public void publish(HeldJob held, JobState state) {
    publishEvent(held, event(held, state, Optional.empty()));
  }

  /** Publishes an event with the reason of a failure. */
  public void publish(HeldJob held, JobState state, FarmException why) {
    publishEvent(held, event(held, state, Optional.of(why)));
    metrics.failed(why.kind());
  }

  /**
   * Publishes the job's new state without waiting; in an outage the event may be lost.
   *
   * @param onEnd is run when the log has it, or may have it
   */
  public void publishAsync(HeldJob held, JobState state, Runnable onEnd) {
    try {
      events.publishAsync(event(held, state, Optional.empty()), onEnd);
      metrics.announced(state);
    } catch (FarmException e) {
      if (!OutageRetry.isOutage(e)) {
        throw e;
      }
      log.warn("{}; the event that the job is {} was not published", e.getMessage(), state.name());
    }
  }

  /**
   * Publishes the state of a job that is no longer held, and waits until the log has it.
   *
   * @throws FarmException QUEUE_UNAVAILABLE
   */
  public void publishOnce(HeldJob lost, JobState state) {
    events.publish(List.of(event(lost, state, Optional.empty())));
    metrics.announced(state);
  }

  private void publishEvent(HeldJob held, JobEvent event) {
    retry.untilAnswered(
        held,
        () -> {
          events.publish(List.of(event));
          return event;
        });
    metrics.announced(event.state());
  }

  private JobEvent event(HeldJob held, JobState state, Optional<FarmException> why) {
    return new JobEvent(
        held.key(),
        state,
        clock.instant(),
        held.batch(),
        Optional.of(worker),
        held.attempt(),
        why.map(FarmException::kind),
        why.map(FarmException::getMessage),
        Optional.of(held.lease().record()));
  }
}

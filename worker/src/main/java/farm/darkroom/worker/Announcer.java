package farm.darkroom.worker;

import static java.util.Objects.requireNonNull;

import farm.darkroom.common.FarmException;
import farm.darkroom.common.job.JobEvent;
import farm.darkroom.common.job.JobState;
import farm.darkroom.common.queue.EventLog;
import java.time.Clock;
import java.util.List;
import java.util.Optional;

/** Says what becomes of the held job, on the event log, however long the log is away. */
final class Announcer {
  private final String worker;
  private final EventLog events;
  private final Persistence persistence;
  private final Metrics metrics;
  private final Clock clock;

  Announcer(String worker, EventLog events, Persistence persistence, Metrics metrics, Clock clock) {
    this.worker = requireNonNull(worker, "worker");
    this.events = requireNonNull(events, "events");
    this.persistence = requireNonNull(persistence, "persistence");
    this.metrics = requireNonNull(metrics, "metrics");
    this.clock = requireNonNull(clock, "clock");
  }

  void say(Held held, JobState state) {
    publish(held, state, Optional.empty());
  }

  void say(Held held, JobState state, FarmException why) {
    publish(held, state, Optional.of(why));
    metrics.failed(why.kind());
  }

  private void publish(Held held, JobState state, Optional<FarmException> why) {
    JobEvent event =
        new JobEvent(
            held.key(),
            state,
            clock.instant(),
            held.batch(),
            Optional.of(worker),
            held.attempt(),
            why.map(FarmException::kind),
            why.map(FarmException::getMessage));
    persistence.insist(
        held,
        () -> {
          events.publish(List.of(event));
          return event;
        });
    metrics.said(state);
  }
}

package farm.darkroom.submitter.control;

import static java.util.Objects.requireNonNull;

import farm.darkroom.common.job.JobEvent;
import farm.darkroom.common.queue.DeadLetters;
import farm.darkroom.common.queue.EventLog;
import farm.darkroom.submitter.submit.SubmitterEvents;
import farm.darkroom.submitter.watch.DeadJob;
import farm.darkroom.submitter.watch.JobStateReader;
import java.time.Clock;

/**
 * Deletes dead letters. Why each job died stays in the log of events, said by the submitter's side,
 * so that its end remains explained.
 */
public final class Purge {
  private final EventLog events;
  private final DeadLetters letters;
  private final Clock clock;

  public Purge(EventLog events, DeadLetters letters, Clock clock) {
    this.events = requireNonNull(events, "events");
    this.letters = requireNonNull(letters, "letters");
    this.clock = requireNonNull(clock, "clock");
  }

  /**
   * Deletes all letters of the queue.
   *
   * @return how many there were
   * @throws farm.darkroom.common.FarmException QUEUE_UNAVAILABLE
   */
  public long purge() {
    try (SubmitterEventWriter writer = new SubmitterEventWriter(events)) {
      writer.say(
          new JobStateReader(events, letters).read().dead().stream().map(this::end).toList());
    }
    return letters.purge();
  }

  private JobEvent end(DeadJob job) {
    return SubmitterEvents.purged(job.asEvent(), clock.instant());
  }
}

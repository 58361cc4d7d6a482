package farm.darkroom.submitter.watch;

import static java.util.Objects.requireNonNull;

import farm.darkroom.common.job.JobState;
import farm.darkroom.common.queue.DeadLetters;
import farm.darkroom.common.queue.EventLog;
import farm.darkroom.common.queue.ProgressLog;
import farm.darkroom.common.store.ResultStore;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.Collection;

/** Waits until jobs are over, and shows how far they are. For one thread. */
public final class Watch {
  private static final Duration EACH = Duration.ofMillis(250);
  private static final Duration HEARTBEATS = Duration.ofSeconds(1);
  private static final Duration LETTERS = Duration.ofSeconds(5);

  private final ResultStore store;
  private final EventLog events;
  private final DeadLetters letters;
  private final ProgressLog progress;
  private final Clock clock;

  public Watch(
      ResultStore store, EventLog events, DeadLetters letters, ProgressLog progress, Clock clock) {
    this.store = requireNonNull(store, "store");
    this.events = requireNonNull(events, "events");
    this.letters = requireNonNull(letters, "letters");
    this.progress = requireNonNull(progress, "progress");
    this.clock = requireNonNull(clock, "clock");
  }

  /**
   * Returns when every one of the jobs is stored, dead or cancelled.
   *
   * @param ids job ids
   * @throws farm.darkroom.common.FarmException QUEUE_UNAVAILABLE, STORE_UNAVAILABLE
   */
  public Tally until(Collection<String> ids, ProgressOutput output) {
    Standings jobs = new Standings(ids);
    try (EventLog.Tail tail = events.follow()) {
      look(jobs);
      ProgressLine line = new ProgressLine(clock.instant(), jobs.tally().ended());
      Fleet fleet = Fleet.read(progress, clock.instant());
      Instant looked = clock.instant();
      while (!jobs.tally().isOver()) {
        Instant now = clock.instant();
        output.show(line.text(jobs.tally(), fleet.iterationsPerSecond(), now), now);
        jobs.note(tail.poll(EACH));
        if (now.isAfter(fleet.at().plus(HEARTBEATS))) {
          fleet = Fleet.read(progress, now);
        }
        if (now.isAfter(looked.plus(LETTERS))) {
          look(jobs);
          looked = now;
        }
      }
      output.end(line.text(jobs.tally(), 0, clock.instant()));
    }
    return jobs.tally();
  }

  /** Whether the jobs came to a good end. */
  public static boolean isGood(Tally tally) {
    return tally.isOver() && tally.of(JobState.DEAD) == 0;
  }

  private void look(Standings jobs) {
    jobs.note(new JobBoard(events, letters).read().jobs().values());
    jobs.ask(store);
  }
}

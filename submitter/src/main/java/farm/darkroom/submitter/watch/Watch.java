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
import java.util.function.BooleanSupplier;

/** Waits until jobs are over, and shows how far they are. For one thread. */
public final class Watch {
  private static final Duration EACH = Duration.ofMillis(250);
  private static final Duration HEARTBEATS = Duration.ofSeconds(1);
  private static final Duration LETTERS = Duration.ofSeconds(5);

  /**
   * Some lease times: a queue that is never empty would else hold a watch of dead jobs for ever.
   */
  private static final Duration DOUBT = Duration.ofMinutes(2);

  private final ResultStore store;
  private final EventLog events;
  private final DeadLetters letters;
  private final ProgressLog progress;
  private final BooleanSupplier idle;
  private final Clock clock;

  /**
   * @param idle whether the queue holds no job
   */
  public Watch(
      ResultStore store,
      EventLog events,
      DeadLetters letters,
      ProgressLog progress,
      BooleanSupplier idle,
      Clock clock) {
    this.store = requireNonNull(store, "store");
    this.events = requireNonNull(events, "events");
    this.letters = requireNonNull(letters, "letters");
    this.progress = requireNonNull(progress, "progress");
    this.idle = requireNonNull(idle, "idle");
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
      boolean over = look(jobs);
      ProgressLine line = new ProgressLine(clock.instant(), jobs.tally().ended());
      Looks looks = new Looks(clock.instant());
      Workers workers = workers();
      while (!over) {
        Instant now = clock.instant();
        output.show(line.text(jobs.tally(), workers.fleet().iterationsPerSecond(), now), now);
        jobs.note(tail.poll(EACH));
        workers = now.isAfter(workers.seen().plus(HEARTBEATS)) ? workers() : workers;
        over = looks.isDue(jobs.tally().isOver(), now) && look(jobs);
      }
      output.end(line.text(jobs.tally(), 0, clock.instant()));
    }
    return jobs.tally();
  }

  /**
   * The workers.
   *
   * @param seen when, by the clock of this machine
   */
  private record Workers(Fleet fleet, Instant seen) {}

  private Workers workers() {
    return new Workers(Fleet.read(progress, clock), clock.instant());
  }

  /** When to read all of it: when the jobs begin to seem over, and now and then. */
  private static final class Looks {
    private Instant last;
    private boolean seemedOver;

    Looks(Instant first) {
      this.last = first;
    }

    boolean isDue(boolean seemsOver, Instant now) {
      boolean due = (seemsOver && !seemedOver) || now.isAfter(last.plus(LETTERS));
      seemedOver = seemsOver;
      last = due ? now : last;
      return due;
    }
  }

  /** Whether the jobs came to a good end. */
  public static boolean isGood(Tally tally) {
    return tally.isOver() && tally.of(JobState.DEAD) == 0;
  }

  /**
   * Reads all of it: the tail may be behind, and still tell of a death after which the job lives
   * again.
   *
   * @return whether every job is over, and none that died lately may be on the queue once more
   */
  private boolean look(Standings jobs) {
    JobBoard.Standing board = new JobBoard(events, letters).read();
    jobs.note(board.jobs().values());
    jobs.ask(store);
    return jobs.tally().isOver()
        && (board.dead().stream().noneMatch(dead -> jobs.isDead(dead.id()) && isInDoubt(dead))
            || idle.getAsBoolean());
  }

  private boolean isInDoubt(DeadJob dead) {
    return dead.mayLive() && progress.now(clock).isBefore(dead.letter().at().plus(DOUBT));
  }
}

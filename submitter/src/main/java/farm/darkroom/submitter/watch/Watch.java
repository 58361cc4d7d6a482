package farm.darkroom.submitter.watch;

import static java.util.Objects.requireNonNull;

import farm.darkroom.common.Counted;
import farm.darkroom.common.job.JobState;
import farm.darkroom.common.queue.DeadLetters;
import farm.darkroom.common.queue.EventLog;
import farm.darkroom.common.queue.ProgressLog;
import farm.darkroom.common.store.ResultStore;
import java.time.Clock;
import java.time.Duration;
import java.util.Collection;
import java.util.function.BooleanSupplier;
import java.util.function.LongSupplier;
import java.util.function.Supplier;

/** Waits for jobs to end, and shows their progress. Not thread-safe. */
public final class Watch {
  private static final Duration EACH = Duration.ofMillis(250);
  private static final Duration HEARTBEATS = Duration.ofSeconds(1);
  private static final Duration LETTERS = Duration.ofSeconds(5);

  /**
   * Some lease times: a queue that is never empty would else hold a watch of dead jobs for ever.
   */
  private static final Duration DOUBT = Duration.ofMinutes(2);

  private static final int MOST_IN_VAIN = 3;

  private static final String IN_VAIN =
      "the queue is empty, and %s did not end: 'darkroom audit' says which are lost; jobs of"
          + " another queue need its name (--queue)";

  private final ResultStore store;
  private final EventLog events;
  private final DeadLetters letters;
  private final ProgressLog progress;
  private final BooleanSupplier idle;
  private final Clock clock;
  private final LongSupplier nanos;

  /**
   * @param idle whether the queue holds no job
   * @param clock for when others said what they say
   * @param nanos the time, as {@link System#nanoTime} has it
   */
  public Watch(
      ResultStore store,
      EventLog events,
      DeadLetters letters,
      ProgressLog progress,
      BooleanSupplier idle,
      Clock clock,
      LongSupplier nanos) {
    this.store = requireNonNull(store, "store");
    this.events = requireNonNull(events, "events");
    this.letters = requireNonNull(letters, "letters");
    this.progress = requireNonNull(progress, "progress");
    this.idle = requireNonNull(idle, "idle");
    this.clock = requireNonNull(clock, "clock");
    this.nanos = requireNonNull(nanos, "nanos");
  }

  /**
   * Returns when every one of the jobs is stored, dead or cancelled.
   *
   * @param ids job ids
   * @throws farm.darkroom.common.FarmException QUEUE_UNAVAILABLE, STORE_UNAVAILABLE
   */
  public JobCounts until(Collection<String> ids, ProgressOutput output) {
    JobStateTracker jobs = new JobStateTracker(ids);
    try (EventLog.Tail tail = events.follow()) {
      boolean over = refresh(jobs);
      ProgressLine line = new ProgressLine(jobs.counts().ended());
      Supplier<Duration> watched = stopwatch();
      Refreshes refreshes = new Refreshes();
      Workers workers = new Workers(WorkerHeartbeats.read(progress, clock), Duration.ZERO);
      while (!over) {
        Duration gone = watched.get();
        output.show(
            line.text(jobs.counts(), workers.heartbeats().iterationsPerSecond(), gone), gone);
        jobs.apply(tail.poll(EACH));
        if (gone.minus(workers.seen()).compareTo(HEARTBEATS) > 0) {
          workers = new Workers(WorkerHeartbeats.read(progress, clock), gone);
        }
        over = refreshes.isDue(jobs.counts().isOver(), gone) && refresh(jobs, refreshes, output);
      }
      output.end(line.text(jobs.counts(), 0, watched.get()));
    }
    return jobs.counts();
  }

  /**
   * The workers.
   *
   * @param seen when, since watching began
   */
  private record Workers(WorkerHeartbeats heartbeats, Duration seen) {}

  /** How long it is since now, whatever becomes of the clock of this machine. */
  private Supplier<Duration> stopwatch() {
    long start = nanos.getAsLong();
    return () -> Duration.ofNanos(nanos.getAsLong() - start);
  }

  /** As {@link #refresh(JobStateTracker)}; says so where no job is left that could end. */
  private boolean refresh(JobStateTracker jobs, Refreshes refreshes, ProgressOutput output) {
    boolean empty = idle.getAsBoolean();
    boolean over = refresh(jobs);
    if (refreshes.areInVain(empty && !over)) {
      int open = jobs.counts().total() - jobs.counts().ended();
      output.printAbove(IN_VAIN.formatted(Counted.of(open, "job")));
    }
    return over;
  }

  /** When to read all of it: when the jobs begin to seem over, and now and then. */
  private static final class Refreshes {
    private Duration last = Duration.ZERO;
    private boolean seemedOver;
    private int inVain;

    /** True once, when it was so several times in a row: a submitter may be about to publish. */
    boolean areInVain(boolean now) {
      inVain = now ? inVain + 1 : 0;
      return inVain == MOST_IN_VAIN;
    }

    boolean isDue(boolean seemsOver, Duration gone) {
      boolean due = (seemsOver && !seemedOver) || gone.minus(last).compareTo(LETTERS) > 0;
      seemedOver = seemsOver;
      last = due ? gone : last;
      return due;
    }
  }

  /** Whether the jobs came to a good end. */
  public static boolean hasSucceeded(JobCounts counts) {
    return counts.isOver() && counts.of(JobState.DEAD) == 0;
  }

  /**
   * Reads all of it: the tail may be behind, and still tell of a death after which the job lives
   * again.
   *
   * @return whether every job is over, and none that died lately may be on the queue once more
   */
  private boolean refresh(JobStateTracker jobs) {
    JobStateReader.States board = new JobStateReader(events, letters).read();
    jobs.apply(board.jobs().values());
    jobs.ask(store);
    return jobs.counts().isOver()
        && (board.dead().stream()
                .noneMatch(dead -> jobs.isDead(dead.id()) && mayBeRequeuedLater(dead))
            || idle.getAsBoolean());
  }

  private boolean mayBeRequeuedLater(DeadJob dead) {
    return dead.mayBeRequeued() && progress.now(clock).isBefore(dead.letter().at().plus(DOUBT));
  }
}

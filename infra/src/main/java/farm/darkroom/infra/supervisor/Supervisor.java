package farm.darkroom.infra.supervisor;

import farm.darkroom.common.Backoff;
import farm.darkroom.common.FailureKind;
import farm.darkroom.common.FarmException;
import java.io.IOException;
import java.time.Duration;
import java.util.List;
import java.util.Objects;
import java.util.function.LongSupplier;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Keeps worker processes running. A worker that ends is restarted, with a growing delay if it keeps
 * failing early; one that left on purpose, drained, is not. Not thread-safe.
 */
public final class Supervisor implements AutoCloseable {
  static final Backoff PAUSE = new Backoff(Duration.ofSeconds(1), Duration.ofMinutes(1));

  /** A process that ran this long is considered healthy, whatever came before. */
  static final Duration SETTLED = Duration.ofMinutes(2);

  static final int MOST_ENDS = 3;

  private static final Logger log = LoggerFactory.getLogger(Supervisor.class);
  private final List<Watched> workers;
  private final WorkerHandle.Launcher launcher;
  private final LongSupplier nanos;

  /** A worker: its process, if it was started, and how earlier ones ended. */
  private static final class Watched {
    private final WorkerSpec spec;
    private WorkerHandle process;
    private long startedAt;
    private boolean noted = true;
    private long endedAt;
    private int ends;
    private int refusals;
    private boolean left;

    Watched(WorkerSpec spec) {
      this.spec = spec;
    }
  }

  /**
   * @param nanos the time, as {@link System#nanoTime} has it
   */
  public Supervisor(List<WorkerSpec> workers, WorkerHandle.Launcher launcher, LongSupplier nanos) {
    this.workers = workers.stream().map(Watched::new).toList();
    this.launcher = launcher;
    this.nanos = nanos;
  }

  /** Stands for a process that could not be started, for want of memory for example. */
  private static final class Missing implements WorkerHandle {
    @Override
    public boolean isAlive() {
      return false;
    }

    @Override
    public int exitCode() {
      return 1;
    }

    @Override
    public String lastLogLine() {
      return "";
    }

    @Override
    public void trimFiles() {}

    @Override
    public void requestStop() {}

    @Override
    public void close() {}
  }

  /** Starts the workers that are missing and due, and tidies up after those that run. */
  public void startMissing() {
    startMissing(Integer.MAX_VALUE);
  }

  private void startMissing(int mostEnds) {
    for (Watched worker : workers) {
      if (worker.process == null) {
        start(worker);
      } else if (worker.process.isAlive()) {
        worker.process.trimFiles();
      } else {
        recordEnd(worker, mostEnds);
        if (!worker.left
            && worker.ends < mostEnds
            && nanos.getAsLong() - worker.endedAt >= PAUSE.after(worker.ends).toNanos()) {
          start(worker);
        }
      }
    }
  }

  /**
   * As {@link #startMissing}, for a caller that waits for the workers' results.
   *
   * @throws FarmException WORKER_UNFIT when a worker ended three times in a row, for whatever
   *     reason
   */
  public void startMissingOrFail() {
    startMissing(MOST_ENDS);
    for (Watched worker : workers) {
      if (worker.ends >= MOST_ENDS) {
        throw unfit(worker);
      }
    }
  }

  /**
   * As {@link #startMissing}, where some of the workers may be unable to work.
   *
   * @throws FarmException WORKER_UNFIT when every worker gave up three times in a row; ends by a
   *     signal do not count
   */
  public void startMissingWhileAnyWorks() {
    startMissing();
    if (workers.stream().allMatch(worker -> worker.left || worker.refusals >= MOST_ENDS)
        && !hasLeft()) {
      throw unfit(workers.stream().filter(worker -> !worker.left).findFirst().orElseThrow());
    }
  }

  /** Whether every worker has left on purpose. */
  public boolean hasLeft() {
    return workers.stream().allMatch(worker -> worker.left);
  }

  private void start(Watched worker) {
    worker.startedAt = nanos.getAsLong();
    worker.noted = false;
    try {
      worker.process = launcher.start(worker.spec);
    } catch (IOException e) {
      log.error("worker {} cannot be started: {}", worker.spec.name(), e.getMessage());
      worker.process = new Missing();
    }
  }

  /** Records how a process ended, once. */
  private void recordEnd(Watched worker, int mostEnds) {
    if (worker.noted) {
      return;
    }
    worker.noted = true;
    worker.left = worker.process.exitCode() == 0;
    worker.endedAt = nanos.getAsLong();
    boolean settled = worker.endedAt - worker.startedAt >= SETTLED.toNanos();
    boolean signal = worker.process.exitCode() > WorkerHandle.SIGNAL_EXIT;
    worker.ends = settled ? 1 : worker.ends + 1;
    worker.refusals = settled || signal ? 0 : worker.refusals + 1;
    if (!worker.left && worker.ends < mostEnds) {
      log.warn(
          "worker {} {}; it is started again in {} s",
          worker.spec.name(),
          end(worker.process),
          PAUSE.after(worker.ends).toSeconds());
    }
  }

  /** The last line of the log says why a process ended, unless a signal ended it. */
  private static String end(WorkerHandle process) {
    int code = process.exitCode();
    String line = code > WorkerHandle.SIGNAL_EXIT ? "" : process.lastLogLine();
    return "ended with exit code " + code + (line.isEmpty() ? "" : ": " + line);
  }

  private static FarmException unfit(Watched worker) {
    return new FarmException(
        FailureKind.WORKER_UNFIT,
        "worker %s ended %d times; the last one %s"
            .formatted(worker.spec.name(), worker.ends, end(worker.process)));
  }

  @Override
  public void close() {
    List<WorkerHandle> there =
        workers.stream().map(worker -> worker.process).filter(Objects::nonNull).toList();
    there.forEach(WorkerHandle::requestStop);
    there.forEach(WorkerHandle::close);
  }
}

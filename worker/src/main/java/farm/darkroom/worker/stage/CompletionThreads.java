package farm.darkroom.worker.stage;

import static java.util.Objects.requireNonNull;

import farm.darkroom.common.DaemonThreads;
import farm.darkroom.worker.lease.JobsBeingStored;
import java.util.Optional;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.ThreadPoolExecutor;
import java.util.concurrent.TimeUnit;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Runs the last stages of jobs that no longer need the renderer, in one thread for each place of
 * {@link JobsBeingStored}. Thread-safe.
 */
final class CompletionThreads implements AutoCloseable {
  private static final Logger log = LoggerFactory.getLogger(CompletionThreads.class);
  private final JobsBeingStored beingStored;
  private final StageRunner advance;
  private final ThreadPoolExecutor threads;
  private Stage nextStage = new Idle();

  CompletionThreads(JobsBeingStored beingStored, StageRunner advance) {
    this.beingStored = requireNonNull(beingStored, "beingStored");
    this.advance = requireNonNull(advance, "advance");
    threads =
        new ThreadPoolExecutor(
            beingStored.places(),
            beingStored.places(),
            0,
            TimeUnit.SECONDS,
            new LinkedBlockingQueue<>(),
            DaemonThreads.named("completion"));
    threads.prestartAllCoreThreads();
  }

  /** Takes over a job; waits until there is room. */
  void take(HeldStage stage) {
    beingStored.add(stage.held().key());
    threads.execute(() -> carry(stage));
  }

  /**
   * What the jobs that came to their end since the last call say of this worker: whether it is to
   * rest, or to be probed, before it takes another.
   */
  synchronized Optional<Stage> nextStage() {
    Stage last = nextStage;
    nextStage = new Idle();
    return last instanceof Idle ? Optional.empty() : Optional.of(last);
  }

  /** Waits until nothing is held. */
  @Override
  public void close() {
    beingStored.awaitEmpty();
    threads.shutdown();
  }

  private void carry(HeldStage first) {
    Stage stage = first;
    try {
      while (stage instanceof HeldStage) {
        stage = advance.after(stage);
      }
      recordOutcome(stage);
    } catch (Throwable e) {
      log.error("unexpected in {}: the job goes back", stage.label(), e);
      recordOutcome(new Resting(StageRunner.AFTER_SURPRISE));
      first.held().kept().abandon();
    } finally {
      beingStored.remove(first.held().key());
    }
  }

  /** Keeps the gravest verdict. */
  private synchronized void recordOutcome(Stage end) {
    boolean longer =
        end instanceof Resting rest
            && !(nextStage instanceof Probing)
            && !(nextStage instanceof Resting other && other.pause().compareTo(rest.pause()) >= 0);
    if (end instanceof Probing || longer) {
      nextStage = end;
    }
  }
}

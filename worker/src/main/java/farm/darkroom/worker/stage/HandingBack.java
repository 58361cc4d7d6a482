package farm.darkroom.worker.stage;

import farm.darkroom.common.Backoff;
import farm.darkroom.common.FailureKind;
import farm.darkroom.common.FarmException;
import farm.darkroom.common.job.JobState;
import farm.darkroom.common.job.QueuedJob;
import farm.darkroom.common.store.StoreKeys;
import farm.darkroom.worker.lease.HeldJob;
import java.time.Duration;
import java.util.Optional;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The held job failed here: for another worker to try. At the delivery limit it is a dead letter if
 * the job is to blame, and queued again if this worker is, or if no other has tried it yet that
 * could.
 */
record HandingBack(HeldJob held, FarmException why) implements HeldStage {
  private static final Logger log = LoggerFactory.getLogger(HandingBack.class);
  private static final Backoff PAUSE = new Backoff(Duration.ofMillis(500), Duration.ofSeconds(8));

  /** A job that was queued again this often and still fails is to blame itself. */
  private static final int MOST_RETRIES = 3;

  @Override
  public Stage advance(StageContext context) {
    log.warn("handed back after attempt {}: {}", held.attempt(), why.getMessage());
    QueuedJob queued = QueuedJob.fromJson(held.lease().payload());
    context.circuitBreaker().failed(held.key(), queued.retried());
    return why.kind() == FailureKind.WORKER_UNFIT
        ? unfit(context, queued)
        : blamed(context, queued);
  }

  private Stage unfit(StageContext context, QueuedJob queued) {
    boolean unused = endLease(context, queued, true);
    return new Probing();
  }

  private Stage blamed(StageContext context, QueuedJob queued) {
    context.circuitBreaker().blamed(held.key());
    Optional<String> elsewhere = elsewhere(context);
    boolean lives = endLease(context, queued, elsewhere.isPresent());
    Duration pause = lives && isLeftToOthers(context, queued) ? pauseAfter(held) : Duration.ZERO;
    Duration doubt = elsewhere.map(job -> pauseAfterFailure(context, job)).orElse(Duration.ZERO);
    Duration longer = doubt.compareTo(pause) > 0 ? doubt : pause;
    return longer.isZero() ? new Idle() : new Resting(longer);
  }

  /**
   * Ends the lease.
   *
   * @param own whether this worker is to blame
   * @return whether the job is on the queue again; else it is dead
   */
  private boolean endLease(StageContext context, QueuedJob queued, boolean own) {
    if (!context.consumer().lastDelivery(held)) {
      context.completion().release(held, why);
      return true;
    }
    if (queued.retried() < MOST_RETRIES && (own || mayBeLeftToOthers(context, queued))) {
      context.completion().events().publish(held, JobState.FAILED, why);
      context.completion().acknowledger().requeue(held, QueuedJob::afterFailure);
      return true;
    }
    context.completion().deadLetter(held, why);
    return false;
  }

  /** Whether it failed here and nowhere else, and there are others: they may be busy. */
  private boolean mayBeLeftToOthers(StageContext context, QueuedJob queued) {
    String model = queued.job().model();
    return hasFailedOnlyHere(context, queued)
        && context
            .completion()
            .retry()
            .untilAnswered(held, () -> context.others().isOfferedByAnother(model));
  }

  /** Whether to leave the job to others; not if another worker has failed on it as well. */
  private boolean isLeftToOthers(StageContext context, QueuedJob queued) {
    return hasFailedOnlyHere(context, queued)
        && (isAnotherUp(context, queued) || context.circuitBreaker().leavesJobsToNewcomers());
  }

  private boolean hasFailedOnlyHere(StageContext context, QueuedJob queued) {
    return context.circuitBreaker().failures(held.key(), queued.retried()) >= held.attempt();
  }

  private static boolean isAnotherUp(StageContext context, QueuedJob queued) {
    try {
      return context.others().isAnotherRunning(queued.job().model());
    } catch (FarmException e) {
      log.debug("cannot read which other workers there are", e);
      return true;
    }
  }

  /**
   * At the last delivery the answer decides whether the job dies; otherwise only how long this
   * worker rests.
   */
  private Optional<String> elsewhere(StageContext context) {
    if (context.consumer().lastDelivery(held)) {
      return context.completion().retry().untilAnswered(held, () -> renderedElsewhere(context));
    }
    try {
      return renderedElsewhere(context);
    } catch (FarmException e) {
      log.debug("cannot read what became of the jobs that failed here", e);
      return Optional.empty();
    }
  }

  /** One of the jobs that failed here in a row, which another worker rendered since. */
  private static Optional<String> renderedElsewhere(StageContext context) {
    return context.circuitBreaker().suspects().stream()
        .filter(suspect -> context.results().store().exists(StoreKeys.record(suspect)))
        .findFirst();
  }

  private static Duration pauseAfterFailure(StageContext context, String job) {
    String trouble = "jobs fail here in a row, and %s succeeded elsewhere".formatted(job);
    Duration pause = context.circuitBreaker().open();
    log.error("{}: no job for {} s", trouble, pause.toSeconds());
    context.telemetry().status().sick(trouble);
    return pause;
  }

  /** How long a worker that handed a job back leaves it to others: longer each time. */
  static Duration pauseAfter(HeldJob held) {
    return PAUSE.after(held.attempt());
  }
}

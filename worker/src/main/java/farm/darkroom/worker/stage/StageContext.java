package farm.darkroom.worker.stage;

import farm.darkroom.common.FarmException;
import farm.darkroom.common.job.JobState;
import farm.darkroom.common.store.StoreKeys;
import farm.darkroom.worker.lease.HeldJob;
import farm.darkroom.worker.port.RenderStopped;
import farm.darkroom.worker.port.Renderer;
import farm.darkroom.worker.port.Stop;
import java.time.Duration;
import java.util.function.UnaryOperator;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The collaborators of the stages. All outlive the jobs and are thread-safe.
 *
 * @param circuitBreaker this worker's doubts about itself
 * @param background does what goes on while a job renders
 */
public record StageContext(
    QueueConsumer consumer,
    Renderer renderer,
    CircuitBreaker circuitBreaker,
    OtherWorkers others,
    JobCompletion completion,
    Results results,
    Background background,
    Telemetry telemetry) {

  private static final Logger log = LoggerFactory.getLogger(StageContext.class);

  /** How long the event of a lost job that came too late waits for an outage to end. */
  private static final Duration CORRECTION_PATIENCE = Duration.ofMinutes(10);

  /**
   * Whether the held job's record is there. A store that is away is waited for, for a while.
   *
   * @throws RenderStopped when the lease is lost, or the worker is to stop, before that is known
   * @throws farm.darkroom.common.FarmException STORE_UNAVAILABLE
   */
  boolean isStored(HeldJob held) {
    String record = StoreKeys.record(held.key());
    return completion
        .retry()
        .untilAnswered(held, Admitting.PATIENCE, () -> results.store().exists(record));
  }

  /**
   * Publishes that the held job has started.
   *
   * @throws RenderStopped when its lease is lost: published after another worker ended the job, the
   *     event would bring a dead job back to life
   */
  void announceStart(HeldJob held) {
    if (held.kept().lost()) {
      throw new RenderStopped(Stop.LEASE_LOST);
    }
    completion.events().publishAsync(held, JobState.STARTED, () -> correctIfLate(held));
  }

  /** A process that was suspended after it had looked at the lease may have published too late. */
  private void correctIfLate(HeldJob held) {
    if (held.kept().lost()) {
      background.execute(() -> correctToStored(held));
    }
  }

  /** The last event of a stored job must not be that it has started. */
  private void correctToStored(HeldJob held) {
    try {
      completion
          .retry()
          .untilAnswered(
              CORRECTION_PATIENCE,
              () -> {
                if (results.store().exists(StoreKeys.record(held.key()))) {
                  completion.events().publishOnce(held, JobState.STORED);
                }
                return held;
              });
    } catch (RenderStopped | FarmException e) {
      log.warn("job {} was said to have started after this worker had lost it", held.key(), e);
    }
  }

  /** Hands the held job back to the queue, which is no failure and costs it nothing. */
  void giveBack(HeldJob held) {
    completion.events().publish(held, JobState.QUEUED);
    if (consumer.lastDelivery(held)) {
      completion.acknowledger().requeue(held, UnaryOperator.identity());
    } else {
      completion.acknowledger().release(held);
    }
  }
}

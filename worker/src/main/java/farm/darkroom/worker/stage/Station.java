package farm.darkroom.worker.stage;

import farm.darkroom.common.FarmException;
import farm.darkroom.common.job.JobState;
import farm.darkroom.common.queue.Cancellations;
import farm.darkroom.common.queue.JobQueue;
import farm.darkroom.common.store.ResultStore;
import farm.darkroom.common.store.StoreKeys;
import farm.darkroom.worker.lease.Announcer;
import farm.darkroom.worker.lease.Endings;
import farm.darkroom.worker.lease.Held;
import farm.darkroom.worker.lease.LeaseKeeper;
import farm.darkroom.worker.lease.Persistence;
import farm.darkroom.worker.lease.Rack;
import farm.darkroom.worker.port.RenderStopped;
import farm.darkroom.worker.port.Renderer;
import farm.darkroom.worker.port.Stop;
import farm.darkroom.worker.pulse.Metrics;
import farm.darkroom.worker.pulse.Pace;
import farm.darkroom.worker.pulse.Vitals;
import farm.darkroom.worker.result.Finisher;
import farm.darkroom.worker.result.PreviewUploads;
import farm.darkroom.worker.result.Shelf;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.Optional;
import java.util.function.UnaryOperator;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * What the stages work with. Everything here outlives the jobs, and is thread-safe.
 *
 * @param worker this worker's id
 * @param queueName the name of the queue that it serves
 * @param beside does what goes on beside a render
 */
public record Station(
    String worker,
    String queueName,
    JobQueue queue,
    ResultStore store,
    Renderer renderer,
    LeaseKeeper keeper,
    Persistence persistence,
    Endings endings,
    Announcer announcer,
    Cancellations cancellations,
    OtherWorkers others,
    Fitness fitness,
    Rack rack,
    Shelf shelf,
    Finisher finisher,
    Vitals vitals,
    Optional<PreviewUploads> previews,
    Metrics metrics,
    Beside beside,
    Pace pace,
    Clock clock) {

  private static final Logger log = LoggerFactory.getLogger(Station.class);

  /** Whether no other worker will get the held job when this one hands it back. */
  boolean lastDelivery(Held held) {
    return held.attempt() >= queue.deliveryLimit();
  }

  /** How long ago {@code then} was by the wall clock. */
  Duration since(Instant then) {
    return Duration.between(then, clock.instant());
  }

  /** Whether the held job is not wanted any more. */
  boolean cancelled(Held held) {
    return cancellations.isCancelled(held.key(), held.batch());
  }

  /**
   * Whether the held job's record is there. A store that is away is waited for, for a while.
   *
   * @throws RenderStopped when the lease is lost, or the worker is to stop, before that is known
   * @throws farm.darkroom.common.FarmException STORE_UNAVAILABLE
   */
  boolean isStored(Held held) {
    String record = StoreKeys.record(held.key());
    return persistence.insist(held, Leased.PATIENCE, () -> store.exists(record));
  }

  /**
   * Says that the held job begins.
   *
   * @throws RenderStopped when its lease is lost: said after another worker ended it, this would
   *     bring a dead job back to life
   */
  void begins(Held held) {
    if (held.kept().lost()) {
      throw new RenderStopped(Stop.LEASE_LOST);
    }
    announcer.mention(held, JobState.STARTED, () -> saidToBegin(held));
  }

  /** A process that stood still after it had looked at the lease may have said so too late. */
  private void saidToBegin(Held held) {
    if (held.kept().lost()) {
      beside.execute(() -> takeBack(held));
    }
  }

  /** That a job begins must not be the last that is said of one which is stored. */
  private void takeBack(Held held) {
    try {
      if (store.exists(StoreKeys.record(held.key()))) {
        announcer.mention(held, JobState.STORED, () -> {});
      }
    } catch (FarmException e) {
      log.warn("job {} was said to begin by a worker that had lost it", held.key(), e);
    }
  }

  /** Hands the held job back to the queue, which is no failure and costs it nothing. */
  void giveBack(Held held) {
    announcer.say(held, JobState.QUEUED);
    if (lastDelivery(held)) {
      endings.requeue(held, UnaryOperator.identity());
    } else {
      endings.release(held);
    }
  }
}

package farm.darkroom.worker;

import farm.darkroom.common.FailureKind;
import farm.darkroom.common.FarmException;
import farm.darkroom.common.job.JobState;
import farm.darkroom.common.job.QueuedJob;
import java.time.Duration;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The held job failed here: for another worker to try. At the delivery limit it is a dead letter if
 * the job is to blame, and queued anew if this worker is.
 */
record HandingBack(Held held, FarmException why) implements HeldStage {
  private static final Logger log = LoggerFactory.getLogger(HandingBack.class);
  private static final Backoff PAUSE = new Backoff(Duration.ofMillis(500), Duration.ofSeconds(30));

  private static final int MOST_REQUEUES = 3;

  @Override
  public Stage advance(Station station) {
    log.warn("handed back after attempt {}: {}", held.attempt(), why.getMessage());
    boolean unfit = why.kind() == FailureKind.WORKER_UNFIT;
    station.fitness().failed(held.key());
    if (!station.lastDelivery(held)) {
      station.announcer().say(held, JobState.FAILED, why);
      station.endings().release(held);
    } else if (unfit && requeued() < MOST_REQUEUES) {
      station.announcer().say(held, JobState.FAILED, why);
      station.endings().requeue(held);
    } else {
      station.announcer().say(held, JobState.DEAD, why);
      station.endings().reject(held);
    }
    return unfit ? new Probing() : new Resting(rest(station));
  }

  /** A job that makes every worker unfit is to blame itself. */
  private int requeued() {
    return QueuedJob.fromJson(held.lease().payload()).requeued();
  }

  private Duration rest(Station station) {
    Duration open = station.fitness().openFor();
    Duration pause = pauseAfter(held);
    return open.compareTo(pause) > 0 ? open : pause;
  }

  /** How long a worker that handed a job back leaves it to others: longer each time. */
  static Duration pauseAfter(Held held) {
    return PAUSE.after(held.attempt());
  }
}

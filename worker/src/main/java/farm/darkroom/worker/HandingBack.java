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
 * the job is to blame, and queued anew if this worker is, or if no other has tried it yet that
 * could.
 */
record HandingBack(Held held, FarmException why) implements HeldStage {
  private static final Logger log = LoggerFactory.getLogger(HandingBack.class);
  private static final Backoff PAUSE = new Backoff(Duration.ofMillis(500), Duration.ofSeconds(30));

  /** A job that fails that often over is to blame itself. */
  private static final int MOST_RETRIES = 3;

  @Override
  public Stage advance(Station station) {
    log.warn("handed back after attempt {}: {}", held.attempt(), why.getMessage());
    QueuedJob queued = QueuedJob.fromJson(held.lease().payload());
    boolean unfit = why.kind() == FailureKind.WORKER_UNFIT;
    station.fitness().failed(held.key());
    if (!station.lastDelivery(held)) {
      station.announcer().say(held, JobState.FAILED, why);
      station.endings().release(held);
    } else if (queued.retried() < MOST_RETRIES && (unfit || othersMay(station, queued))) {
      station.announcer().say(held, JobState.FAILED, why);
      station.endings().requeue(held, QueuedJob::afterFailure);
    } else {
      station.endings().requireDeadLetters(held);
      station.announcer().say(held, JobState.DEAD, why);
      station.endings().reject(held);
    }
    return unfit ? new Probing() : new Resting(rest(station));
  }

  /** Whether it failed here and nowhere else, and there are others: they may be busy. */
  private boolean othersMay(Station station, QueuedJob queued) {
    String model = queued.job().model();
    return station.fitness().failures(held.key()) >= held.attempt()
        && station.persistence().insist(held, () -> station.others().anotherOffers(model));
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

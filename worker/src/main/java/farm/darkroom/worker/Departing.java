package farm.darkroom.worker;

import farm.darkroom.common.job.JobState;
import java.util.Optional;

/** The worker is to stop: the held job goes back to the queue. That is no failure. */
record Departing(Held held) implements HeldStage {

  @Override
  public Stage advance(Station station) {
    station.announcer().say(held, JobState.QUEUED);
    if (station.lastDelivery(held)) {
      station.endings().requeue(held);
    } else {
      station.endings().release(held);
    }
    return new Stopped(Optional.empty());
  }
}

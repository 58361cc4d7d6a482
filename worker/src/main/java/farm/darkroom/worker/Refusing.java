package farm.darkroom.worker;

import farm.darkroom.common.FarmException;
import farm.darkroom.common.job.JobState;

/** The held record is wrong on every worker: a dead letter at once, its reason said first. */
record Refusing(Held held, FarmException why) implements HeldStage {

  @Override
  public Stage advance(Station station) {
    station.announcer().say(held, JobState.DEAD, why);
    station.endings().reject(held);
    return new Idle();
  }
}

package farm.darkroom.worker;

import farm.darkroom.common.job.JobState;

/**
 * Nothing is left to do for the held job: saying so, and then acknowledging it.
 *
 * @param outcome STORED or CANCELLED
 */
record Settling(Held held, JobState outcome) implements HeldStage {

  @Override
  public Stage advance(Station station) {
    station.announcer().say(held, outcome);
    station.endings().accept(held);
    return new Idle();
  }
}

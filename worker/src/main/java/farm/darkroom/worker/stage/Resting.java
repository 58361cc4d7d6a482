package farm.darkroom.worker.stage;

import java.time.Duration;

/**
 * Taking no job for a while, so that one just handed back goes to another worker: the queue would
 * give it out again at once.
 */
record Resting(Duration pause) implements Stage {

  @Override
  public Stage advance(StageContext context) {
    context.pulse().pace().pause(pause);
    return new Idle();
  }
}

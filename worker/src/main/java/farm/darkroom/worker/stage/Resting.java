package farm.darkroom.worker.stage;

import java.time.Duration;

/**
 * Takes no job for a while after handing one back, which the queue would otherwise give out to this
 * worker again.
 */
record Resting(Duration pause) implements Stage {

  @Override
  public Stage advance(StageContext context) {
    context.telemetry().time().pause(pause);
    return new Idle();
  }
}

package farm.darkroom.worker.stage;

import java.time.Duration;

/** The queue is paused: nothing is taken until it is resumed. */
record Paused() implements Stage {
  private static final Duration LOOK = Duration.ofMillis(500);

  @Override
  public Stage advance(StageContext context) {
    context.telemetry().time().pause(LOOK);
    return new Idle();
  }
}

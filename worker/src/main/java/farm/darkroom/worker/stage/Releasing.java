package farm.darkroom.worker.stage;

import farm.darkroom.worker.lease.HeldJob;
import java.util.Optional;

/** The worker is to stop, so the held job goes back to the queue. This is no failure. */
record Releasing(HeldJob held) implements HeldStage {

  @Override
  public Stage advance(StageContext context) {
    context.giveBack(held);
    return new Stopped(Optional.empty());
  }
}

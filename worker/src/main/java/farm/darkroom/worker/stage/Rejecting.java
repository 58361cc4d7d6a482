package farm.darkroom.worker.stage;

import farm.darkroom.common.FarmException;
import farm.darkroom.worker.lease.HeldJob;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The held record is invalid on every worker: its reason is published, then it is rejected to the
 * dead letters.
 */
record Rejecting(HeldJob held, FarmException why) implements HeldStage {
  private static final Logger log = LoggerFactory.getLogger(Rejecting.class);

  @Override
  public Stage advance(StageContext context) {
    log.warn("dead letter: {}", why.getMessage());
    context.completion().deadLetter(held, why);
    return new Idle();
  }
}

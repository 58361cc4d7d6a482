package farm.darkroom.worker.stage;

import farm.darkroom.common.FarmException;
import farm.darkroom.common.store.StoreKeys;
import farm.darkroom.worker.lease.HeldJob;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * A service that the held job needs has not answered this worker for a while. Nothing is rendered
 * yet, so the job goes back to the queue for a worker that may be better off.
 *
 * @param why what did not answer
 */
record Yielding(HeldJob held, FarmException why) implements HeldStage {
  private static final Logger log = LoggerFactory.getLogger(Yielding.class);

  @Override
  public Stage advance(StageContext context) {
    log.warn("left to others: {}", why.getMessage());
    context.giveBack(held);
    return new AwaitingStore(StoreKeys.record(held.key()), why.getMessage());
  }
}

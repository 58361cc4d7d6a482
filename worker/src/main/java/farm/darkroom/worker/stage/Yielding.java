package farm.darkroom.worker.stage;

import farm.darkroom.common.FarmException;
import farm.darkroom.common.store.StoreKeys;
import farm.darkroom.worker.lease.Held;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * What the held job needs does not answer this worker, and has not for a while. Nothing of it is
 * rendered yet, so it goes back to the queue: another worker may be better off.
 *
 * @param why what did not answer
 */
record Yielding(Held held, FarmException why) implements HeldStage {
  private static final Logger log = LoggerFactory.getLogger(Yielding.class);

  @Override
  public Stage advance(StageContext context) {
    log.warn("left to others: {}", why.getMessage());
    context.giveBack(held);
    return new Stranded(StoreKeys.record(held.key()), why.getMessage());
  }
}

package farm.darkroom.worker.stage;

import farm.darkroom.common.job.JobState;
import farm.darkroom.worker.lease.HeldJob;
import java.util.Locale;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The held job is finished: its event is published, then its lease acknowledged.
 *
 * @param outcome STORED or CANCELLED
 */
record Acknowledging(HeldJob held, JobState outcome) implements HeldStage {

  private static final Logger log = LoggerFactory.getLogger(Acknowledging.class);

  @Override
  public Stage advance(StageContext context) {
    context.completion().events().publish(held, outcome);
    if (outcome == JobState.CANCELLED && !context.consumer().cancelled(held)) {
      // Resumed just now, by somebody who did not see that this worker would let go of it.
      context.giveBack(held);
      return new Idle();
    }
    context.completion().acknowledger().accept(held);
    log.info("{}", outcome.name().toLowerCase(Locale.ROOT));
    return new Idle();
  }
}

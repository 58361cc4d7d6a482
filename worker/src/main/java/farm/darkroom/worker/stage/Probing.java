package farm.darkroom.worker.stage;

import farm.darkroom.common.FarmException;
import java.util.Optional;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Finding out whether this worker can render at all, before it takes a job: when it starts, and
 * after it turned out unfit.
 *
 * @param failed how many probes failed in a row
 */
record Probing(int failed) implements Stage {
  private static final Logger log = LoggerFactory.getLogger(Probing.class);
  private static final int TRIES_WHEN_NEW = 3;

  Probing() {
    this(0);
  }

  @Override
  public Stage advance(StageContext context) {
    if (!context.telemetry().time().pause(context.circuitBreaker().untilProbe(failed))) {
      return new Stopped(Optional.empty());
    }
    try {
      context.renderer().probe(Optional.empty());
      context.circuitBreaker().probed();
      context.telemetry().status().well();
      return new Idle();
    } catch (FarmException e) {
      return unfit(context, e);
    } catch (LinkageError | VirtualMachineError e) {
      return unfit(context, Unforeseen.asFailure(e));
    }
  }

  private Stage unfit(StageContext context, FarmException e) {
    context.telemetry().status().sick(e.getMessage());
    log.error("this worker cannot render: {}", e.getMessage());
    return !context.circuitBreaker().everWorked() && failed + 1 >= TRIES_WHEN_NEW
        ? new Stopped(Optional.of(e))
        : new Probing(failed + 1);
  }
}

package farm.darkroom.worker.stage;

import farm.darkroom.common.FailureKind;
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
  public Stage advance(Station station) {
    if (!station.pulse().pace().pause(station.fitness().untilProbe(failed))) {
      return new Stopped(Optional.empty());
    }
    try {
      station.renderer().probe(Optional.empty());
      station.fitness().probed();
      station.pulse().vitals().well();
      return new Idle();
    } catch (FarmException e) {
      return unfit(station, e);
    } catch (LinkageError e) {
      return unfit(
          station, new FarmException(FailureKind.WORKER_UNFIT, "engine: " + e.getMessage(), e));
    }
  }

  private Stage unfit(Station station, FarmException e) {
    station.pulse().vitals().sick(e.getMessage());
    log.error("this worker cannot render: {}", e.getMessage());
    return !station.fitness().everWorked() && failed + 1 >= TRIES_WHEN_NEW
        ? new Stopped(Optional.of(e))
        : new Probing(failed + 1);
  }
}

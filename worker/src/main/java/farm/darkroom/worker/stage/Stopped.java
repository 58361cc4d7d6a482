package farm.darkroom.worker.stage;

import farm.darkroom.common.FarmException;
import java.util.Optional;

/**
 * The end: nothing is held.
 *
 * @param why what made the worker give up; empty when it was asked to stop
 */
public record Stopped(Optional<FarmException> why) implements Stage {

  @Override
  public Stage advance(StageContext context) {
    return this;
  }
}

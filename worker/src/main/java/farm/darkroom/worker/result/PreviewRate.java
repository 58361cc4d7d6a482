package farm.darkroom.worker.result;

import farm.darkroom.common.FailureKind;
import farm.darkroom.common.FarmException;

/**
 * How often a picture is previewed.
 *
 * @param every after this many steps, and after the first: the composition shows early
 */
public record PreviewRate(int every) {
  private static final int MOST = 1000;

  /**
   * Checks the rate.
   *
   * @throws FarmException WORKER_UNFIT naming what was found and what is allowed
   */
  public PreviewRate {
    if (every < 1 || every > MOST) {
      throw new FarmException(
          FailureKind.WORKER_UNFIT,
          "--preview-every: found %d, allowed: 1 to %d".formatted(every, MOST));
    }
  }

  /** Whether a preview is due after the step. */
  public boolean has(int step) {
    return step == 1 || step % every == 0;
  }
}

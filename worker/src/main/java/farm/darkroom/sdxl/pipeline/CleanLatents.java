package farm.darkroom.sdxl.pipeline;

import ai.djl.ndarray.NDArray;
import java.util.Optional;
import java.util.function.Supplier;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The clean latents that the last step of a denoising loop predicted (diffusers: {@code
 * pred_original_sample}), kept for previews while they are switched on. No result depends on them.
 * The arrays belong to the scope of the loop's latents. Not thread-safe.
 */
final class CleanLatents {
  private static final Logger log = LoggerFactory.getLogger(CleanLatents.class);
  private boolean enabled;
  private Optional<NDArray> last = Optional.empty();

  /** Switches the prediction on or off for the steps that follow. */
  void enable(boolean enable) {
    enabled = enable;
  }

  /** The prediction of the last step, {@code [1, 4, height/8, width/8]}; empty if there is none. */
  Optional<NDArray> last() {
    return last;
  }

  /**
   * Replaces the last prediction. A failure, such as too little memory, is only logged.
   *
   * @param step the step's number from 1, for the log
   */
  void update(int step, Supplier<NDArray> prediction) {
    last.ifPresent(NDArray::close);
    last = Optional.empty();
    if (enabled) {
      try {
        last = Optional.of(prediction.get());
      } catch (RuntimeException | OutOfMemoryError e) {
        log.warn("no clean latents of step {}: {}", step, e.getMessage());
      }
    }
  }
}

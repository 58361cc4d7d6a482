package farm.darkroom.worker.stage;

import farm.darkroom.worker.health.ObservedStage;
import java.util.Locale;

/**
 * Where the worker stands. Each stage does one thing and names the stage that follows:
 *
 * <pre>
 * Probing -> Idle -> Leased -> Admitting -> Rendering -> Storing -> Acknowledging -> Idle
 *                      |         |            |
 *                      |         |            +-> Diagnosing -> HandingBack -> Resting | Probing
 *                      |         +-> Declining (model missing) -> Resting
 *                      |         +-> Yielding (no store; also from Rendering) -> AwaitingStore
 *                      +-> Rejecting (not a job, invalid job) -> Idle
 * Idle -> Paused (as the queue is) -> Idle
 * any stage that holds a job -> Releasing (shutdown) -> Stopped
 * </pre>
 *
 * <p>From Storing on a job needs no renderer: it goes on in a thread of {@link CompletionThreads},
 * and the loop goes back to Idle.
 */
sealed interface Stage extends ObservedStage
    permits HeldStage, Idle, Paused, Probing, Resting, Stopped, AwaitingStore {

  /**
   * Does the stage's work.
   *
   * @throws farm.darkroom.worker.port.RenderStopped when work on the held job is to end
   * @throws farm.darkroom.common.FarmException when the held job is to be handed back
   */
  Stage advance(StageContext context);

  @Override
  default String label() {
    return getClass().getSimpleName().toLowerCase(Locale.ROOT);
  }

  @Override
  default boolean takesJobs() {
    return this instanceof Idle || this instanceof HeldStage;
  }

  @Override
  default boolean renders() {
    return this instanceof Rendering;
  }

  @Override
  default boolean ended() {
    return this instanceof Stopped;
  }
}

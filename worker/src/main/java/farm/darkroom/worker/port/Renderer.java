package farm.darkroom.worker.port;

import farm.darkroom.common.FarmException;
import farm.darkroom.common.job.RenderJob;
import java.util.List;
import java.util.Optional;

/**
 * Turns jobs into pictures. For one rendering thread; {@link #models} and {@link #close} may come
 * from others.
 */
public interface Renderer extends AutoCloseable {

  /** The names of the models that jobs may ask for here, in order. */
  List<String> models();

  /**
   * What this worker lacks for the job, found out without loading anything.
   *
   * @return empty when it has all; else one line that names what is missing and what is there
   */
  Optional<String> unmetRequirement(RenderJob job);

  /**
   * The plan to begin with: the fastest that should fit into the memory there is.
   *
   * @throws farm.darkroom.common.FarmException OUT_OF_MEMORY when none does, saying what is
   *     missing; STORE_UNAVAILABLE when the size depends on a picture that cannot be read now
   */
  RenderPlan plan(RenderJob job);

  /**
   * Renders.
   *
   * @return as many outputs as the job asks for, in order
   * @throws farm.darkroom.common.FarmException INVALID_JOB, OUT_OF_MEMORY, RENDER_FAILED,
   *     STORE_UNAVAILABLE (an init image could not be had) or WORKER_UNFIT
   * @throws RenderStopped when {@code watch} said so
   */
  RenderResult render(RenderJob job, RenderPlan plan, RenderListener watch);

  /**
   * Renders several jobs of the same models and size. Where they call the model with the same
   * timesteps they may share its passes, which changes the last bits of a picture.
   *
   * @param pictures the most that may share a pass; 1 for none
   * @return each job's outcome, in order; what one of them runs into ends that one alone
   * @throws farm.darkroom.common.FarmException as {@link #render}, for what concerns them all
   */
  default List<RenderOutcome> renderTogether(
      List<RenderRequest> requests, RenderPlan plan, int pictures) {
    return requests.stream().map(request -> outcome(request, plan)).toList();
  }

  private RenderOutcome outcome(RenderRequest request, RenderPlan plan) {
    try {
      return new RenderOutcome.Rendered(render(request.job(), plan, request.watch()));
    } catch (FarmException | RenderStopped e) {
      return new RenderOutcome.Ended(e);
    }
  }

  /**
   * Renders something small that should succeed, to tell a bad job from a bad worker.
   *
   * @param suspect the job whose model is tried; empty for a model that is known to be good
   * @throws farm.darkroom.common.FarmException WORKER_UNFIT when it does not succeed; {@link
   *     #unmetRequirement} then names that model as unusable
   */
  void probe(Optional<RenderJob> suspect);

  /** Hits and misses of the caches; callable from any thread. */
  default List<CacheUse> caches() {
    return List.of();
  }

  @Override
  void close();
}

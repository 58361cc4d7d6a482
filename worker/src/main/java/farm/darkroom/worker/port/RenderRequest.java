package farm.darkroom.worker.port;

import static java.util.Objects.requireNonNull;

import farm.darkroom.common.job.RenderJob;

/**
 * A job that is to be rendered, and who is told of its steps.
 *
 * @param job with a seed
 */
public record RenderRequest(RenderJob job, RenderWatch watch) {

  public RenderRequest {
    requireNonNull(job, "job");
    requireNonNull(watch, "watch");
  }
}

package farm.darkroom.worker.port;

import static java.util.Objects.requireNonNull;

import farm.darkroom.common.job.RenderJob;

/**
 * A job to render, and the watcher that is told of its steps.
 *
 * @param job with a seed
 */
public record RenderRequest(RenderJob job, RenderListener watch) {

  public RenderRequest {
    requireNonNull(job, "job");
    requireNonNull(watch, "watch");
  }
}

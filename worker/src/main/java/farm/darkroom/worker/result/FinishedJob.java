package farm.darkroom.worker.result;

import static java.util.Objects.requireNonNull;

import farm.darkroom.common.job.JobId;
import farm.darkroom.common.job.RenderJob;
import farm.darkroom.worker.port.Output;
import farm.darkroom.worker.port.RenderDetails;
import java.util.List;

/**
 * A rendered job of which nothing is stored yet.
 *
 * @param outputs what the render gave, in order
 * @param details how they were rendered
 */
public record FinishedJob(JobId id, RenderJob job, List<Output> outputs, RenderDetails details) {

  public FinishedJob {
    requireNonNull(id, "id");
    requireNonNull(job, "job");
    outputs = List.copyOf(outputs);
    requireNonNull(details, "details");
  }
}

package farm.darkroom.worker;

import static java.util.Objects.requireNonNull;

import farm.darkroom.common.job.JobId;
import farm.darkroom.common.job.RenderJob;
import java.util.List;

/**
 * A job that is rendered, with nothing stored of it yet.
 *
 * @param files its outputs, in order
 * @param made how they were made
 */
record Finished(JobId id, RenderJob job, List<ResultFile> files, Making made) {

  Finished {
    requireNonNull(id, "id");
    requireNonNull(job, "job");
    files = List.copyOf(files);
    requireNonNull(made, "made");
  }
}

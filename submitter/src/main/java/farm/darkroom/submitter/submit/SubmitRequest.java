package farm.darkroom.submitter.submit;

import static java.util.Objects.requireNonNull;

import farm.darkroom.common.job.Names;
import farm.darkroom.common.job.RenderJob;
import farm.darkroom.common.queue.Lane;
import java.util.List;
import java.util.Optional;

/**
 * What to submit together.
 *
 * @param jobs with seeds, and without pictures of this machine; the same one may stand there twice
 * @param batch empty for none
 * @param force whether what the store has of these jobs is deleted first
 */
public record SubmitRequest(
    List<RenderJob> jobs, Optional<String> batch, Lane lane, boolean force) {

  public SubmitRequest {
    jobs = List.copyOf(jobs);
    batch.ifPresent(Names::requireBatch);
    requireNonNull(lane, "lane");
  }

  /** A request on the normal lane that keeps stored results. */
  public static SubmitRequest of(List<RenderJob> jobs, Optional<String> batch) {
    return new SubmitRequest(jobs, batch, Lane.NORMAL, false);
  }
}

package farm.darkroom.submitter.submit;

import farm.darkroom.common.job.JobId;
import java.util.List;
import java.util.Set;

/**
 * The outcome of a submission.
 *
 * @param ids every job once, in order
 * @param stored those of them that the store had already
 * @param repeated how many the request named a second time
 */
public record SubmitResult(List<JobId> ids, Set<JobId> stored, int repeated) {

  public SubmitResult {
    ids = List.copyOf(ids);
    stored = Set.copyOf(stored);
  }

  /** The number of published jobs. */
  public int published() {
    return ids.size() - stored.size();
  }
}

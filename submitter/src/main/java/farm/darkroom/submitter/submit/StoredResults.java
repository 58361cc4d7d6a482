package farm.darkroom.submitter.submit;

import farm.darkroom.common.job.JobId;
import farm.darkroom.common.store.ResultStore;
import farm.darkroom.common.store.StoreKeys;
import farm.darkroom.submitter.ParallelFetch;
import java.util.Collection;
import java.util.HashSet;
import java.util.List;
import java.util.Set;

/** Finds out which of many jobs are done. */
public record StoredResults(ResultStore store) {

  /**
   * The ids that have a record.
   *
   * @throws farm.darkroom.common.FarmException STORE_UNAVAILABLE
   */
  public Set<JobId> among(Collection<JobId> ids) {
    Set<JobId> stored = new HashSet<>();
    List<JobId> asked = List.copyOf(ids);
    int i = 0;
    try (ParallelFetch fetching = new ParallelFetch()) {
      for (boolean exists : fetching.inOrder(asked, this::isStored)) {
        if (exists) {
          stored.add(asked.get(i));
        }
        i++;
      }
    }
    return stored;
  }

  /** Deletes what is stored of these jobs, each one's record first: it is then not done. */
  public void delete(Collection<JobId> ids) {
    for (JobId id : ids) {
      store.delete(StoreKeys.record(id.text()));
      store.list(StoreKeys.jobPrefix(id.text())).forEach(entry -> store.delete(entry.key()));
    }
  }

  private boolean isStored(JobId id) {
    return store.exists(StoreKeys.record(id.text()));
  }
}

package farm.darkroom.worker.result;

import farm.darkroom.common.BoundedMap;
import java.util.Map;
import java.util.Optional;

/**
 * Keeps the last finished jobs that could not be stored, or whose leases were lost before, so that
 * they are not rendered again when they come back to this worker. Thread-safe.
 */
public final class UnstoredResults {
  private final Map<String, FinishedJob> kept;

  /**
   * @param places how many jobs are kept; one more pushes out the oldest
   */
  public UnstoredResults(int places) {
    this.kept = new BoundedMap<>(places);
  }

  public synchronized void put(FinishedJob finished) {
    kept.put(finished.id().text(), finished);
  }

  public synchronized boolean has(String jobId) {
    return kept.containsKey(jobId);
  }

  /** Takes what was finished of the job, if it is here. */
  public synchronized Optional<FinishedJob> take(String jobId) {
    return Optional.ofNullable(kept.remove(jobId));
  }
}

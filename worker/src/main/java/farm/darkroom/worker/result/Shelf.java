package farm.darkroom.worker.result;

import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Optional;

/**
 * Keeps the last finished jobs whose leases were lost before they could be stored, so that they are
 * not rendered twice when they come back to this worker. Thread-safe.
 */
public final class Shelf {
  private final int places;
  private final Map<String, Finished> kept = new LinkedHashMap<>();

  /**
   * @param places how many jobs are kept; one more pushes out the oldest
   */
  public Shelf(int places) {
    this.places = places;
  }

  public synchronized void put(Finished finished) {
    kept.put(finished.id().text(), finished);
    if (kept.size() > places) {
      kept.remove(kept.keySet().iterator().next());
    }
  }

  public synchronized boolean has(String jobId) {
    return kept.containsKey(jobId);
  }

  /** Takes what was finished of the job, if it is here. */
  public synchronized Optional<Finished> take(String jobId) {
    return Optional.ofNullable(kept.remove(jobId));
  }
}

package farm.darkroom.submitter.submit;

import farm.darkroom.common.FarmException;
import farm.darkroom.common.job.BatchManifest;
import farm.darkroom.common.job.BatchManifest.Entry;
import farm.darkroom.common.job.JobId;
import farm.darkroom.common.job.QueuedJob;
import farm.darkroom.common.store.ResultStore;
import farm.darkroom.common.store.StoreKeys;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/** What was submitted together, in the store. */
public record Manifests(ResultStore store) {
  private static final String CONTENT = "application/jsonl";

  /** The batch's manifest; empty when nothing was submitted under that name. */
  public Optional<BatchManifest> find(String batch) {
    return store
        .get(StoreKeys.manifest(batch), BatchManifest.LARGEST)
        .map(BatchManifest::fromJsonLines);
  }

  /**
   * The batch's manifest.
   *
   * @throws FarmException INVALID_JOB when there is no such batch
   */
  public BatchManifest require(String batch) {
    return find(batch)
        .orElseThrow(() -> FarmException.invalidJob("no batch '" + batch + "' in the store"));
  }

  /**
   * Adds jobs behind those that the batch has; labels of a job that it has already are replaced.
   */
  void add(String batch, Map<JobId, QueuedJob> jobs) {
    List<Entry> before = find(batch).map(BatchManifest::entries).orElse(List.of());
    Map<JobId, Entry> all = new LinkedHashMap<>();
    before.forEach(entry -> all.put(entry.id(), entry));
    jobs.forEach((id, job) -> all.put(id, new Entry(id, job.job().labels())));
    BatchManifest after = new BatchManifest(List.copyOf(all.values()));
    if (!after.entries().equals(before)) {
      store.put(StoreKeys.manifest(batch), after.toJsonLines(), CONTENT);
    }
  }
}

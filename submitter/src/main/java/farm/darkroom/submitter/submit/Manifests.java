package farm.darkroom.submitter.submit;

import farm.darkroom.common.FailureKind;
import farm.darkroom.common.FarmException;
import farm.darkroom.common.job.BatchManifest;
import farm.darkroom.common.job.BatchManifest.Entry;
import farm.darkroom.common.job.JobId;
import farm.darkroom.common.job.QueuedJob;
import farm.darkroom.common.json.NearMiss;
import farm.darkroom.common.store.RepairHint;
import farm.darkroom.common.store.ResultStore;
import farm.darkroom.common.store.ResultStore.Put;
import farm.darkroom.common.store.StoreKeys;
import farm.darkroom.submitter.ParallelFetch;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.SortedSet;
import java.util.TreeSet;
import java.util.stream.Collectors;

/**
 * What was submitted together, in the store: {@code manifest.jsonl}, and beside it one numbered
 * file for each later submission that added something. A file is written once, under the next free
 * number, so that of two submitters at once neither takes away what the other one wrote.
 */
public record Manifests(ResultStore store) {
  private static final String CONTENT = "application/jsonl";
  private static final int MOST_TRIES = 1000;
  private static final int MOST_LISTED = 1000;

  /** The batch's manifest; empty when nothing was submitted under that name. */
  public Optional<BatchManifest> find(String batch) {
    List<BatchManifest> parts = read(keys(batch));
    return parts.isEmpty()
        ? Optional.empty()
        : Optional.of(new BatchManifest(List.copyOf(merged(parts).values())));
  }

  /**
   * The batch's manifest.
   *
   * @throws FarmException INVALID_JOB when there is no such batch
   */
  public BatchManifest require(String batch) {
    return find(batch)
        .orElseThrow(
            () ->
                FarmException.invalidJob("no batch '" + batch + "' in the store" + nearest(batch)));
  }

  /** What to add to a complaint that there is no such batch: one that is there, if one is near. */
  public String nearest(String batch) {
    return NearMiss.hint(batch, names());
  }

  /** Names of batches that are there, sorted; of very many the first. */
  public SortedSet<String> names() {
    return store.list(StoreKeys.BATCHES, MOST_LISTED).stream()
        .flatMap(entry -> StoreKeys.batchOf(entry.key()).stream())
        .collect(Collectors.toCollection(TreeSet::new));
  }

  /**
   * Adds jobs behind those that the batch has; labels of a job that it has already are replaced.
   */
  void add(String batch, Map<JobId, QueuedJob> jobs) {
    List<Entry> wanted = new ArrayList<>();
    jobs.forEach((id, job) -> wanted.add(new Entry(id, job.job().labels())));
    for (int i = 0; i < MOST_TRIES; i++) {
      List<String> keys = keys(batch);
      Map<JobId, Entry> there = merged(read(keys));
      List<Entry> news =
          wanted.stream().filter(entry -> !entry.equals(there.get(entry.id()))).toList();
      if (news.isEmpty() || put(next(batch, keys), news)) {
        return;
      }
    }
    throw new FarmException(
        FailureKind.STORE_UNAVAILABLE,
        "batch '%s': other submitters were first %d times".formatted(batch, MOST_TRIES));
  }

  private boolean put(String key, List<Entry> entries) {
    byte[] lines = new BatchManifest(entries).toJsonLines();
    return store.putIfAbsent(key, lines, CONTENT) == Put.CREATED;
  }

  private List<BatchManifest> read(List<String> keys) {
    List<BatchManifest> parts = new ArrayList<>();
    try (ParallelFetch fetching = new ParallelFetch()) {
      fetching.inOrder(keys, this::part).forEach(part -> part.ifPresent(parts::add));
    }
    return parts;
  }

  private Optional<BatchManifest> part(String key) {
    try {
      return store.get(key, BatchManifest.LARGEST).map(BatchManifest::fromJsonLines);
    } catch (FarmException e) {
      throw e.kind() == FailureKind.INVALID_JOB ? damaged(key, e) : e;
    }
  }

  private static FarmException damaged(String key, FarmException why) {
    return new FarmException(
        FailureKind.RENDER_FAILED,
        "%s is damaged: %s; %s".formatted(key, why.getMessage(), RepairHint.of(key)),
        why);
  }

  /** {@code manifest.jsonl} and then its additions. */
  private List<String> keys(String batch) {
    return store.list(StoreKeys.manifestPrefix(batch)).stream()
        .map(ResultStore.Entry::key)
        .filter(key -> StoreKeys.manifestNumber(key).isPresent())
        .sorted(Comparator.comparingInt(Manifests::number))
        .toList();
  }

  private static String next(String batch, List<String> keys) {
    if (keys.isEmpty()) {
      return StoreKeys.manifest(batch);
    }
    return StoreKeys.manifest(batch, number(keys.get(keys.size() - 1)) + 1);
  }

  private static int number(String manifest) {
    return StoreKeys.manifestNumber(manifest).orElseThrow();
  }

  private static Map<JobId, Entry> merged(List<BatchManifest> parts) {
    Map<JobId, Entry> all = new LinkedHashMap<>();
    parts.forEach(part -> part.entries().forEach(entry -> all.put(entry.id(), entry)));
    return all;
  }
}

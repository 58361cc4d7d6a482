package farm.darkroom.worker.stage;

import static java.util.Objects.requireNonNull;

import farm.darkroom.common.store.ResultStore;
import farm.darkroom.worker.lease.JobsBeingStored;
import farm.darkroom.worker.result.Finisher;
import farm.darkroom.worker.result.PreviewUploads;
import farm.darkroom.worker.result.UnstoredResults;
import java.util.Optional;

/**
 * Where results go. Thread-safe.
 *
 * @param beingStored of jobs that are being stored
 * @param unstored of those that could not be
 */
public record Results(
    ResultStore store,
    Finisher finisher,
    JobsBeingStored beingStored,
    UnstoredResults unstored,
    Optional<PreviewUploads> previews) {
  public Results {
    requireNonNull(store, "store");
    requireNonNull(finisher, "finisher");
    requireNonNull(beingStored, "beingStored");
    requireNonNull(unstored, "unstored");
    requireNonNull(previews, "previews");
  }
}

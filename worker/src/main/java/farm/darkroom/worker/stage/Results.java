package farm.darkroom.worker.stage;

import static java.util.Objects.requireNonNull;

import farm.darkroom.common.store.ResultStore;
import farm.darkroom.worker.lease.Rack;
import farm.darkroom.worker.result.Finisher;
import farm.darkroom.worker.result.PreviewUploads;
import farm.darkroom.worker.result.Shelf;
import java.util.Optional;

/**
 * Where what is rendered goes. Thread-safe.
 *
 * @param rack of jobs that are being stored
 * @param shelf of those that could not be
 */
public record Results(
    ResultStore store,
    Finisher finisher,
    Rack rack,
    Shelf shelf,
    Optional<PreviewUploads> previews) {
  public Results {
    requireNonNull(store, "store");
    requireNonNull(finisher, "finisher");
    requireNonNull(rack, "rack");
    requireNonNull(shelf, "shelf");
    requireNonNull(previews, "previews");
  }
}

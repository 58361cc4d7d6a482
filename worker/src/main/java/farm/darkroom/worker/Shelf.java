package farm.darkroom.worker;

import java.util.Optional;

/**
 * Keeps the last finished job whose lease was lost before it could be stored, so that it is not
 * rendered twice when it comes back to this worker. For the loop's thread.
 */
final class Shelf {
  private Optional<Finished> kept = Optional.empty();

  void put(Finished finished) {
    kept = Optional.of(finished);
  }

  /** Takes what was finished of the job, if it is here. */
  Optional<Finished> take(String jobId) {
    Optional<Finished> found = kept.filter(finished -> finished.id().text().equals(jobId));
    if (found.isPresent()) {
      kept = Optional.empty();
    }
    return found;
  }
}

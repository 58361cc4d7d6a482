package farm.darkroom.worker;

import static java.util.Objects.requireNonNull;

import farm.darkroom.common.FarmException;
import farm.darkroom.common.job.RenderRecord;
import farm.darkroom.common.job.StoredImage;
import farm.darkroom.common.store.ResultStore;
import farm.darkroom.common.store.StoreKeys;
import java.util.List;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Which jobs are done. Thread-safe. */
record Archive(ResultStore store) {
  private static final Logger log = LoggerFactory.getLogger(Archive.class);

  Archive {
    requireNonNull(store, "store");
  }

  /**
   * Whether the job's record is there. One that names pictures which are gone is deleted: where a
   * job is on the queue twice, somebody may have them deleted, to have it rendered anew, just when
   * a second worker is between picture and record.
   *
   * @throws FarmException STORE_UNAVAILABLE
   */
  boolean holds(String job) {
    String key = StoreKeys.record(job);
    if (!store.exists(key)) {
      return false;
    }
    if (named(key).stream().allMatch(image -> store.exists(image.key()))) {
      return true;
    }
    log.warn("{} names pictures that are gone; the job is rendered anew", key);
    store.delete(key);
    return false;
  }

  /** None where it is no record at all, which is not a worker's to judge. */
  private List<StoredImage> named(String key) {
    try {
      return store
          .get(key, RenderRecord.LARGEST)
          .map(json -> RenderRecord.fromJson(json).images())
          .orElse(List.of());
    } catch (FarmException e) {
      if (Persistence.isOutage(e)) {
        throw e;
      }
      return List.of();
    }
  }
}

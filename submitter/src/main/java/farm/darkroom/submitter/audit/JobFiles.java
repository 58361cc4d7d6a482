package farm.darkroom.submitter.audit;

import farm.darkroom.common.Counted;
import farm.darkroom.common.FailureKind;
import farm.darkroom.common.FarmException;
import farm.darkroom.common.Sha256;
import farm.darkroom.common.job.JobId;
import farm.darkroom.common.job.RenderRecord;
import farm.darkroom.common.job.StoredImage;
import farm.darkroom.common.store.RepairHint;
import farm.darkroom.common.store.ResultStore;
import farm.darkroom.common.store.StoreKeys;
import farm.darkroom.submitter.fetch.RecordFaults;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.Supplier;

/**
 * What the store holds of one job.
 *
 * @param done whether its record is there
 * @param images how many other objects are there
 * @param faults how they differ from what the record says
 * @param record empty where there is none, or a damaged one
 */
record JobFiles(
    String job, boolean done, int images, List<Finding> faults, Optional<RenderRecord> record) {

  /**
   * Lists and checks all objects of a job.
   *
   * @param pictures whether every picture is read and held against its SHA-256
   * @throws FarmException STORE_UNAVAILABLE
   */
  static JobFiles read(ResultStore store, String job, boolean pictures) {
    return new Reading(store, job, pictures).read();
  }

  /** One reading of a job's objects. Not thread-safe. */
  private static final class Reading {
    private final ResultStore store;
    private final String job;
    private final boolean pictures;
    private final Map<String, Long> sizes = new HashMap<>();
    private final List<Finding> faults = new ArrayList<>();

    Reading(ResultStore store, String job, boolean pictures) {
      this.store = store;
      this.job = job;
      this.pictures = pictures;
    }

    JobFiles read() {
      store.list(StoreKeys.jobPrefix(job)).forEach(entry -> sizes.put(entry.key(), entry.size()));
      boolean done = sizes.remove(StoreKeys.record(job)) != null;
      int images = sizes.size();
      Optional<RenderRecord> record = done ? record() : Optional.empty();
      record.ifPresent(this::compare);
      return new JobFiles(job, done, images, faults, record);
    }

    private Optional<RenderRecord> record() {
      return get(StoreKeys.record(job), RenderRecord.LARGEST)
          .flatMap(json -> sound("record.json", () -> RenderRecord.fromJson(json)));
    }

    private void compare(RenderRecord record) {
      RecordFaults.of(new JobId(job), record).forEach(fault -> fault("record.json " + fault));
      record.images().forEach(this::compare);
      sizes.keySet().forEach(key -> fault(key + " is not in the record"));
    }

    private void compare(StoredImage image) {
      Long size = sizes.remove(image.key());
      if (size == null) {
        fault("there is a record and no " + image.key());
      } else if (size != image.bytes()) {
        fault(
            "%s has %s, its record says %d"
                .formatted(image.key(), Counted.of(size, "byte"), image.bytes()));
      } else if (pictures) {
        check(image);
      }
    }

    private void check(StoredImage image) {
      get(image.key(), image.bytes())
          .filter(bytes -> !Sha256.hex(bytes).equals(image.sha256()))
          .ifPresent(
              bytes -> fault(image.key() + " is not the picture that its record names (SHA-256)"));
    }

    private Optional<byte[]> get(String key, long most) {
      Optional<byte[]> found = sound(key, () -> store.get(key, most).orElse(null));
      if (found.isEmpty() && faults.isEmpty()) {
        addFault(key + " was listed and is gone");
      }
      return found;
    }

    /**
     * Reads one object. A failure becomes a finding, unless the store does not answer at all, which
     * ends the audit with STORE_UNAVAILABLE.
     */
    private <T> Optional<T> sound(String what, Supplier<T> reading) {
      try {
        return Optional.ofNullable(reading.get());
      } catch (FarmException e) {
        store.exists(StoreKeys.record(job));
        if (e.kind() == FailureKind.STORE_UNAVAILABLE) {
          addFault(
              "%s cannot be read: %s; if that lasts, %s"
                  .formatted(what, e.getMessage(), repairHint()));
        } else if (e.kind() == FailureKind.RENDER_FAILED) {
          // The store's own message already ends with the repair.
          addFault(what + " is damaged: " + e.getMessage());
        } else {
          fault(what + " is damaged: " + e.getMessage());
        }
        return Optional.empty();
      }
    }

    private void fault(String what) {
      addFault(what + "; " + repairHint());
    }

    private void addFault(String what) {
      faults.add(new Finding(job, what));
    }

    private String repairHint() {
      return RepairHint.of(StoreKeys.record(job));
    }
  }
}

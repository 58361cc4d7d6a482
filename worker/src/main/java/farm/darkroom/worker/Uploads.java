package farm.darkroom.worker;

import static java.util.Objects.requireNonNull;

import farm.darkroom.common.FailureKind;
import farm.darkroom.common.FarmException;
import farm.darkroom.common.Sha256;
import farm.darkroom.common.job.RenderRecord;
import farm.darkroom.common.job.StoredImage;
import farm.darkroom.common.store.ResultStore;
import farm.darkroom.common.store.ResultStore.Put;
import farm.darkroom.common.store.StoreKeys;
import java.time.Duration;

/** Puts a job's objects into the store; what lies there already stays. */
final class Uploads {
  private static final long MAX_OUTPUT = 1L << 30;
  private final ResultStore store;
  private final Metrics metrics;
  private final Pace pace;

  Uploads(ResultStore store, Metrics metrics, Pace pace) {
    this.store = requireNonNull(store, "store");
    this.metrics = requireNonNull(metrics, "metrics");
    this.pace = requireNonNull(pace, "pace");
  }

  /**
   * Stores an output, or adopts the one that a worker left which died before its record.
   *
   * @return what is stored now
   */
  StoredImage output(Finished finished, ResultFile file) {
    String key = file.key(finished.id());
    byte[] stored =
        switch (put(key, file.bytes(), file.contentType())) {
          case CREATED -> file.bytes();
          case EXISTS -> adopted(key);
        };
    long seed = finished.job().seedOf(file.index());
    return new StoredImage(key, Sha256.hex(stored), stored.length, seed);
  }

  /** Commits the job, unless another worker did. */
  Put record(RenderRecord record) {
    String key = StoreKeys.record(record.id().text());
    return put(key, record.toJson(), "application/json");
  }

  private Put put(String key, byte[] bytes, String contentType) {
    long begun = pace.nanos();
    Put put = store.putIfAbsent(key, bytes, contentType);
    metrics.uploaded(bytes.length, Duration.ofNanos(pace.nanos() - begun));
    return put;
  }

  private byte[] adopted(String key) {
    return store
        .get(key, MAX_OUTPUT)
        .orElseThrow(
            () ->
                new FarmException(
                    FailureKind.STORE_UNAVAILABLE,
                    "store says that %s exists and does not have it".formatted(key)));
  }
}

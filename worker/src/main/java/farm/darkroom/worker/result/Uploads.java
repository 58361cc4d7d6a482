package farm.darkroom.worker.result;

import static java.nio.charset.StandardCharsets.UTF_8;
import static java.util.Objects.requireNonNull;

import farm.darkroom.common.FailureKind;
import farm.darkroom.common.FarmException;
import farm.darkroom.common.Sha256;
import farm.darkroom.common.job.JobId;
import farm.darkroom.common.job.RenderJob;
import farm.darkroom.common.job.RenderRecord;
import farm.darkroom.common.job.StoredImage;
import farm.darkroom.common.store.ResultStore;
import farm.darkroom.common.store.ResultStore.Put;
import farm.darkroom.common.store.StoreKeys;
import farm.darkroom.worker.health.Metrics;
import farm.darkroom.worker.health.StoppableTime;
import farm.darkroom.worker.picture.Png;
import java.time.Duration;
import java.util.Arrays;

/** Stores a job's objects; existing ones are left alone. Thread-safe. */
public final class Uploads {
  private static final long MAX_OUTPUT = 1L << 30;
  private static final String PNG = "png";
  private final ResultStore store;
  private final Metrics metrics;
  private final StoppableTime time;

  public Uploads(ResultStore store, Metrics metrics, StoppableTime time) {
    this.store = requireNonNull(store, "store");
    this.metrics = requireNonNull(metrics, "metrics");
    this.time = requireNonNull(time, "time");
  }

  /**
   * Stores an output, or adopts the one that a worker left which died before its record.
   *
   * @return what is stored now
   * @throws FarmException RENDER_FAILED when something else lies there
   */
  public StoredImage output(FinishedJob finished, ResultFile file) {
    String key = file.key(finished.id());
    byte[] stored =
        switch (put(key, file.bytes(), file.contentType())) {
          case CREATED -> file.bytes();
          case EXISTS -> adopted(key, file);
        };
    long seed = finished.job().seedOf(file.index());
    return new StoredImage(key, Sha256.hex(stored), stored.length, seed);
  }

  /** Stores the record, which commits the job, unless another worker did. */
  public Put record(RenderRecord record) {
    String key = StoreKeys.record(record.id().text());
    return put(key, record.toJson(), "application/json");
  }

  private Put put(String key, byte[] bytes, String contentType) {
    long begun = time.nanos();
    Put put = store.putIfAbsent(key, bytes, contentType);
    metrics.uploaded(bytes.length, Duration.ofNanos(time.nanos() - begun));
    return put;
  }

  private byte[] adopted(String key, ResultFile mine) {
    byte[] stored =
        store
            .get(key, MAX_OUTPUT)
            .orElseThrow(
                () ->
                    new FarmException(
                        FailureKind.STORE_UNAVAILABLE,
                        "store says that %s exists and does not have it".formatted(key)));
    if (!Arrays.equals(stored, mine.bytes()) && !isOfSameJob(stored, mine)) {
      throw new FarmException(
          FailureKind.RENDER_FAILED,
          "%s in the store is no picture of this job: a stranger's, or an earlier version's; delete it"
              .formatted(key));
    }
    return stored;
  }

  /** Whether a worker may have left it: another kind of device makes other pixels. */
  private static boolean isOfSameJob(byte[] stored, ResultFile mine) {
    if (!mine.extension().equals(PNG)) {
      return stored.length == mine.bytes().length;
    }
    try {
      return jobOf(stored).equals(jobOf(mine.bytes()));
    } catch (FarmException e) {
      return false;
    }
  }

  /**
   * The job that a picture says it is of.
   *
   * @throws FarmException INVALID_JOB when it is no picture, or says of none
   */
  private static JobId jobOf(byte[] png) {
    String job = Png.text(png).getOrDefault(Png.DARKROOM, "");
    return JobId.of(RenderJob.fromJson(job.getBytes(UTF_8)));
  }
}

package farm.darkroom.worker.render;

import static java.util.Objects.requireNonNull;

import farm.darkroom.common.FarmException;
import farm.darkroom.common.job.ImageReference;
import farm.darkroom.common.store.ResultStore;
import farm.darkroom.worker.picture.PictureLimits;

/** Pictures that lie in the farm's store. Thread-safe. */
public final class StoredInputs implements Inputs {
  private final String bucket;
  private final ResultStore store;

  /**
   * @param bucket the store's
   */
  public StoredInputs(String bucket, ResultStore store) {
    this.bucket = requireNonNull(bucket, "bucket");
    this.store = requireNonNull(store, "store");
  }

  @Override
  public byte[] read(ImageReference image) {
    if (!image.bucket().filter(bucket::equals).isPresent()) {
      throw FarmException.invalidJob(
          "%s: a worker reads pictures from s3://%s only".formatted(image.text(), bucket));
    }
    return store
        .get(image.key().orElseThrow(), PictureLimits.DEFAULT.maxBytes())
        .orElseThrow(() -> FarmException.invalidJob(image.text() + ": there is no such object"));
  }
}

package farm.darkroom.worker.render.input;

import static java.util.Objects.requireNonNull;

import farm.darkroom.common.FarmException;
import farm.darkroom.common.Sha256;
import farm.darkroom.common.input.InputLimits;
import farm.darkroom.common.job.FileReference;
import farm.darkroom.common.job.ImageReference;
import farm.darkroom.common.job.Reference;
import farm.darkroom.common.store.ResultStore;
import farm.darkroom.worker.picture.PictureLimits;
import java.nio.file.Path;
import java.util.Optional;

/** Pictures and weights that lie in the farm's store. Thread-safe. */
public final class StoredInputs implements Inputs {
  private final String bucket;
  private final ResultStore store;
  private final FileCache cache;

  /**
   * @param bucket the store's
   * @param cache keeps weights that were fetched
   */
  public StoredInputs(String bucket, ResultStore store, FileCache cache) {
    this.bucket = requireNonNull(bucket, "bucket");
    this.store = requireNonNull(store, "store");
    this.cache = requireNonNull(cache, "cache");
  }

  @Override
  public byte[] read(ImageReference image) {
    return bytes("pictures", image, PictureLimits.DEFAULT.maxBytes());
  }

  @Override
  public Path fetch(FileReference file) {
    return file.sha256().flatMap(cache::find).orElseGet(() -> fetched(file));
  }

  private Path fetched(FileReference file) {
    byte[] bytes = bytes("weights", file, InputLimits.WEIGHTS);
    String found = Sha256.hex(bytes);
    file.sha256()
        .filter(expected -> !expected.equals(found))
        .ifPresent(
            expected -> {
              throw FarmException.invalidJob(
                  "%s: its bytes have the SHA-256 %s".formatted(file.text(), found));
            });
    return cache.find(found).orElseGet(() -> cache.put(found, bytes));
  }

  private byte[] bytes(String what, Reference reference, long most) {
    Optional<String> key = reference.key();
    if (key.isEmpty() || !reference.bucket().orElse(bucket).equals(bucket)) {
      throw FarmException.invalidJob(
          "%s: a worker reads %s from s3://%s only".formatted(reference.text(), what, bucket));
    }
    return store
        .get(key.orElseThrow(), most)
        .orElseThrow(
            () -> FarmException.invalidJob(reference.text() + ": there is no such object"));
  }
}

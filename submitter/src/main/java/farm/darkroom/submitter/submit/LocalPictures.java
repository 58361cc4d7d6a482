package farm.darkroom.submitter.submit;

import farm.darkroom.common.FarmException;
import farm.darkroom.common.job.ImageReference;
import farm.darkroom.common.job.RenderJob;
import farm.darkroom.common.store.ResultStore;
import farm.darkroom.common.store.StoreKeys;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.Map;

/**
 * The pictures of this machine that jobs read. Jobs name them by their SHA-256 before anything is
 * uploaded, so that a job's id is known without a farm. For one thread.
 */
public final class LocalPictures {
  private static final long LARGEST = 64L << 20;
  private static final String CONTENT = "application/octet-stream";

  private final String bucket;
  private final Map<String, String> hashes = new LinkedHashMap<>();

  /**
   * @param bucket where they will lie
   */
  public LocalPictures(String bucket) {
    this.bucket = bucket;
  }

  /**
   * The job with its pictures named as they will be in the store.
   *
   * @throws FarmException INVALID_JOB when a file is missing, unreadable or too large
   */
  public RenderJob stored(RenderJob job) {
    return job.withImages(
        image ->
            image.isLocal()
                ? ImageReference.input(
                    bucket, hashes.computeIfAbsent(image.text(), LocalPictures::hash))
                : image);
  }

  /**
   * Uploads what the store does not have.
   *
   * @throws FarmException INVALID_JOB when a file changed meanwhile, STORE_UNAVAILABLE
   */
  public void upload(ResultStore store) {
    hashes.forEach((path, hash) -> upload(store, path, hash));
  }

  private static void upload(ResultStore store, String path, String hash) {
    String key = StoreKeys.input(hash);
    if (store.exists(key)) {
      return;
    }
    byte[] bytes = read(path);
    if (!Sha256.hex(bytes).equals(hash)) {
      throw FarmException.invalidJob(path + " changed while its job was submitted");
    }
    store.putIfAbsent(key, bytes, CONTENT);
  }

  private static String hash(String path) {
    return Sha256.hex(read(path));
  }

  private static byte[] read(String path) {
    try {
      Path file = Path.of(path);
      if (!Files.isRegularFile(file)) {
        throw FarmException.invalidJob("picture " + path + ": there is no such file");
      }
      if (Files.size(file) > LARGEST) {
        throw FarmException.invalidJob(
            "picture %s: found %d bytes, allowed are %d"
                .formatted(path, Files.size(file), LARGEST));
      }
      return Files.readAllBytes(file);
    } catch (IOException | RuntimeException e) {
      if (e instanceof FarmException farm) {
        throw farm;
      }
      throw FarmException.invalidJob(
          "picture %s cannot be read (%s)".formatted(path, e.getClass().getSimpleName()));
    }
  }
}

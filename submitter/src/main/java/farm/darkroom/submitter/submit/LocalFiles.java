package farm.darkroom.submitter.submit;

import farm.darkroom.common.FarmException;
import farm.darkroom.common.Sha256;
import farm.darkroom.common.job.FileReference;
import farm.darkroom.common.job.ImageReference;
import farm.darkroom.common.job.RenderJob;
import farm.darkroom.common.store.ResultStore;
import farm.darkroom.common.store.StoreKeys;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.InvalidPathException;
import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.Map;

/**
 * The files of this machine that jobs read: pictures, and weights that they add to their model.
 * Jobs name them by their SHA-256 before anything is uploaded, so that a job's id is known without
 * a farm. For one thread.
 */
public final class LocalFiles {
  private static final String CONTENT = "application/octet-stream";

  private final String bucket;
  private final Map<Local, String> hashes = new LinkedHashMap<>();

  private enum Kind {
    PICTURE("picture", 64L << 20),
    /** Workers keep one in memory while they fetch it. */
    WEIGHTS("file", 256L << 20);

    private final String label;
    private final long largest;

    Kind(String label, long largest) {
      this.label = label;
      this.largest = largest;
    }
  }

  private record Local(Kind kind, String path) {}

  /**
   * @param bucket where they will lie
   */
  public LocalFiles(String bucket) {
    this.bucket = bucket;
  }

  /**
   * The job with its files named as they will be in the store. Weights that it names without a
   * path, or by an absolute path where this machine has no file, are the worker's.
   *
   * @throws FarmException INVALID_JOB when a file is missing, unreadable or too large
   */
  public RenderJob stored(RenderJob job) {
    return job.withImages(this::picture).withFiles(this::weights);
  }

  private ImageReference picture(ImageReference image) {
    return image.isLocal()
        ? ImageReference.input(bucket, hash(new Local(Kind.PICTURE, image.text())))
        : image;
  }

  private FileReference weights(FileReference file) {
    boolean theirs = file.text().startsWith("/") && !Files.exists(Path.of(file.text()));
    return file.isPath() && !theirs
        ? FileReference.input(bucket, hash(new Local(Kind.WEIGHTS, file.text())))
        : file;
  }

  /**
   * Uploads what the store does not have.
   *
   * @throws FarmException INVALID_JOB when a file changed meanwhile, STORE_UNAVAILABLE
   */
  public void upload(ResultStore store) {
    hashes.forEach((file, hash) -> upload(store, file, hash));
  }

  private static void upload(ResultStore store, Local file, String hash) {
    String key = StoreKeys.input(hash);
    if (store.exists(key)) {
      return;
    }
    byte[] bytes = read(file);
    if (!Sha256.hex(bytes).equals(hash)) {
      throw FarmException.invalidJob(file.path() + " changed while its job was submitted");
    }
    store.putIfAbsent(key, bytes, CONTENT);
  }

  private String hash(Local file) {
    return hashes.computeIfAbsent(file, local -> Sha256.hex(read(local)));
  }

  private static byte[] read(Local local) {
    String what = local.kind().label + " " + local.path();
    try {
      Path file = Path.of(local.path());
      requireReadable(what, file, local.kind().largest);
      return Files.readAllBytes(file);
    } catch (IOException | InvalidPathException e) {
      throw FarmException.invalidJob(
          "%s cannot be read (%s)".formatted(what, e.getClass().getSimpleName()));
    }
  }

  private static void requireReadable(String what, Path file, long largest) throws IOException {
    if (!Files.isRegularFile(file)) {
      throw FarmException.invalidJob(what + ": there is no such file");
    }
    if (Files.size(file) > largest) {
      throw FarmException.invalidJob(
          "%s: found %d bytes, allowed are %d".formatted(what, Files.size(file), largest));
    }
  }
}

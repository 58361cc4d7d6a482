package farm.darkroom.submitter.submit;

import farm.darkroom.common.DiskReason;
import farm.darkroom.common.FarmException;
import farm.darkroom.common.Sha256;
import farm.darkroom.common.input.InputLimits;
import farm.darkroom.common.input.PictureFormat;
import farm.darkroom.common.input.WeightFormat;
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
import java.util.function.Consumer;

/**
 * The files of this machine that jobs read: pictures, and weights that they add to their model.
 * Jobs name them by their SHA-256 before anything is uploaded, so that a job's id is known without
 * a farm. Not thread-safe.
 */
public final class LocalFiles {
  private static final String CONTENT = "application/octet-stream";

  private final String bucket;
  private final Map<Local, String> hashes = new LinkedHashMap<>();

  private enum Kind {
    PICTURE("picture", InputLimits.PICTURE, PictureFormat::of),
    WEIGHTS("file", InputLimits.WEIGHTS, WeightFormat::require);

    private final String label;
    private final long largest;
    private final Consumer<byte[]> check;

    Kind(String label, long largest, Consumer<byte[]> check) {
      this.label = label;
      this.largest = largest;
      this.check = check;
    }
  }

  private record Local(Kind kind, String path) {
    String what() {
      return kind.label + " " + path;
    }
  }

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
   * @throws FarmException INVALID_JOB when a file is missing, unreadable, too large, or of another
   *     format than workers read
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
   * Uploads the files that the store does not have yet.
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
    return hashes.computeIfAbsent(file, local -> Sha256.hex(sound(local)));
  }

  /** On a worker the job would die of it, and its message know no file of this machine. */
  private static byte[] sound(Local local) {
    byte[] bytes = read(local);
    try {
      local.kind().check.accept(bytes);
    } catch (FarmException e) {
      throw new FarmException(e.kind(), local.what() + ": " + e.getMessage(), e);
    }
    return bytes;
  }

  private static byte[] read(Local local) {
    String what = local.what();
    try {
      Path file = Path.of(local.path());
      requireReadable(what, file, local.kind().largest);
      return Files.readAllBytes(file);
    } catch (IOException | InvalidPathException e) {
      throw FarmException.invalidJob("%s cannot be read: %s".formatted(what, DiskReason.of(e)));
    }
  }

  private static void requireReadable(String what, Path file, long largest) throws IOException {
    if (!Files.isRegularFile(file)) {
      String found = Files.exists(file) ? "it is no plain file" : "there is no such file";
      throw FarmException.invalidJob(what + ": " + found);
    }
    if (Files.size(file) > largest) {
      throw FarmException.invalidJob(
          "%s: found %d bytes, allowed: %d".formatted(what, Files.size(file), largest));
    }
  }
}

package farm.darkroom.common.job;

import farm.darkroom.common.json.JsonType;
import farm.darkroom.common.json.JsonTypes;
import farm.darkroom.common.json.TextRules;
import java.util.Optional;

/**
 * Where a job's picture lies: {@code s3://bucket/key}, {@code sha256:HASH} for one in the farm's
 * own {@code inputs/}, or, before the job is submitted, a path of this machine.
 *
 * @param text as it stands in the job
 */
public record ImageReference(String text) implements Reference {
  private static final int LONGEST = 1024;

  /** The reference of a picture that was uploaded under its SHA-256 (64 hexadecimal digits). */
  public static ImageReference input(String bucket, String sha256) {
    return new ImageReference(StoredReference.input(bucket, sha256));
  }

  /** A path of this machine, which means nothing to a worker. */
  public boolean isLocal() {
    return !isStored();
  }

  /** This reference, shortened to the hash where that is known. */
  public ImageReference byHash() {
    return new ImageReference(StoredReference.byHash(text));
  }

  static JsonType<ImageReference> type() {
    return JsonTypes.text(LONGEST).refuse(ImageReference::complaint).as(ImageReference::new);
  }

  private static Optional<String> complaint(String text) {
    boolean path = !StoredReference.isRemote(text) && !text.isBlank();
    Optional<String> wrong = path ? Optional.empty() : StoredReference.complaint(text);
    return wrong.or(() -> TextRules.lineComplaint(text, LONGEST));
  }
}

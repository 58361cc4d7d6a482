package farm.darkroom.common.job;

import farm.darkroom.common.json.JsonType;
import farm.darkroom.common.json.JsonTypes;
import farm.darkroom.common.json.TextRules;
import java.util.Optional;

/**
 * Where a file of weights lies that a job adds to its model: {@code s3://bucket/key}, {@code
 * sha256:HASH} for one in the farm's own {@code inputs/}, a name that the worker looks up among its
 * models, or a path that begins with /, ./ or ../.
 *
 * @param text as it stands in the job
 */
public record FileReference(String text) implements Reference {
  private static final int LONGEST = 1024;

  /** The reference of a file that was uploaded under its SHA-256 (64 hexadecimal digits). */
  public static FileReference input(String bucket, String sha256) {
    return new FileReference(StoredReference.input(bucket, sha256));
  }

  /** Whether it is a path, and not a name. */
  public boolean isPath() {
    return text.startsWith("/") || text.startsWith("./") || text.startsWith("../");
  }

  /** This reference, shortened to the hash where that is known. */
  public FileReference byHash() {
    return new FileReference(StoredReference.byHash(text));
  }

  static JsonType<FileReference> type() {
    return JsonTypes.text(LONGEST).refuse(FileReference::complaint).as(FileReference::new);
  }

  private static Optional<String> complaint(String text) {
    return StoredReference.isRemote(text)
        ? StoredReference.complaint(text).or(() -> TextRules.lineComplaint(text, LONGEST))
        : Names.modelComplaint(text);
  }
}

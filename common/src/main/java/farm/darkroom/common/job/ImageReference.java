package farm.darkroom.common.job;

import farm.darkroom.common.json.Found;
import farm.darkroom.common.json.JsonType;
import farm.darkroom.common.json.JsonTypes;
import farm.darkroom.common.json.TextRules;
import java.util.Arrays;
import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * Where a job's picture lies: {@code s3://bucket/key}, {@code sha256:HASH} for one in the farm's
 * own {@code inputs/}, or, before the job is submitted, a path of this machine.
 *
 * @param text as it stands in the job
 */
public record ImageReference(String text) {
  private static final int LONGEST = 1024;
  private static final Pattern STORED = Pattern.compile("s3://([a-z0-9][a-z0-9._-]*)/(.+)");
  private static final Pattern HASHED = Pattern.compile("sha256:([0-9a-f]{64})");
  private static final Pattern INPUT = Pattern.compile("inputs/([0-9a-f]{64})");

  /** The reference of a picture that was uploaded under its SHA-256 (64 hexadecimal digits). */
  public static ImageReference input(String bucket, String sha256) {
    return new ImageReference("s3://" + bucket + "/inputs/" + sha256);
  }

  /** A path of this machine, which means nothing to a worker. */
  public boolean isLocal() {
    return !text.startsWith("s3://") && !text.startsWith("sha256:");
  }

  /** The bucket of a stored picture; empty for the farm's own. */
  public Optional<String> bucket() {
    return group(STORED, text, 1);
  }

  /** The key of a stored picture in its bucket; empty for a path. */
  public Optional<String> key() {
    return group(HASHED, text, 1).map(sha -> "inputs/" + sha).or(() -> group(STORED, text, 2));
  }

  /** The SHA-256 of a picture that lies under its own hash. */
  public Optional<String> sha256() {
    return key().flatMap(key -> group(INPUT, key, 1));
  }

  /** The same picture, named by its hash alone where that is known. */
  public ImageReference byHash() {
    return sha256().map(sha -> new ImageReference("sha256:" + sha)).orElse(this);
  }

  static JsonType<ImageReference> type() {
    return JsonTypes.text(LONGEST).refuse(ImageReference::complaint).as(ImageReference::new);
  }

  private static Optional<String> group(Pattern pattern, String text, int group) {
    return Optional.of(pattern.matcher(text)).filter(Matcher::matches).map(m -> m.group(group));
  }

  static Optional<String> complaint(String text) {
    boolean remote = text.contains("://") || text.startsWith("sha256:");
    boolean fine = remote ? isStored(text) : !text.isBlank();
    return fine
        ? TextRules.lineComplaint(text, LONGEST)
        : Optional.of(
            "found " + Found.quoted(text) + ", allowed is s3://bucket/key or a path of a file");
  }

  private static boolean isStored(String text) {
    boolean hashed = HASHED.matcher(text).matches();
    return hashed || isObject(text);
  }

  private static boolean isObject(String text) {
    return STORED.matcher(text).matches()
        && Arrays.stream(text.substring(5).split("/", -1))
            .noneMatch(part -> part.isEmpty() || part.equals(".") || part.equals(".."));
  }
}

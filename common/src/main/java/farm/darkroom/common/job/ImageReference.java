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
 * Where a job's picture lies: {@code s3://bucket/key}, or, before the job is submitted, a path of
 * this machine.
 *
 * @param text as it stands in the job
 */
public record ImageReference(String text) {
  private static final int LONGEST = 1024;
  private static final Pattern STORED = Pattern.compile("s3://([a-z0-9][a-z0-9._-]*)/(.+)");
  private static final Pattern INPUT = Pattern.compile("inputs/([0-9a-f]{64})");

  /** The reference of a picture that was uploaded under its SHA-256 (64 hexadecimal digits). */
  public static ImageReference input(String bucket, String sha256) {
    return new ImageReference("s3://" + bucket + "/inputs/" + sha256);
  }

  /** A path of this machine, which means nothing to a worker. */
  public boolean isLocal() {
    return !text.startsWith("s3://");
  }

  /** The bucket of a stored picture. */
  public Optional<String> bucket() {
    return stored(1);
  }

  /** The key of a stored picture in its bucket. */
  public Optional<String> key() {
    return stored(2);
  }

  /** The SHA-256 of a picture that lies under its own hash. */
  public Optional<String> sha256() {
    return key().map(INPUT::matcher).filter(Matcher::matches).map(m -> m.group(1));
  }

  static JsonType<ImageReference> type() {
    return JsonTypes.text(LONGEST).refuse(ImageReference::complaint).as(ImageReference::new);
  }

  private Optional<String> stored(int group) {
    return Optional.of(STORED.matcher(text)).filter(Matcher::matches).map(m -> m.group(group));
  }

  private static Optional<String> complaint(String text) {
    boolean remote = text.contains("://");
    boolean fine = remote ? isStored(text) : !text.isBlank();
    return fine
        ? TextRules.lineComplaint(text, LONGEST)
        : Optional.of(
            "found " + Found.quoted(text) + ", allowed is s3://bucket/key or a path of a file");
  }

  private static boolean isStored(String text) {
    return STORED.matcher(text).matches()
        && Arrays.stream(text.substring(5).split("/", -1))
            .noneMatch(part -> part.isEmpty() || part.equals(".") || part.equals(".."));
  }
}

package farm.darkroom.common.job;

import farm.darkroom.common.json.Found;
import java.util.Arrays;
import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * An object of a store, as jobs name it: {@code s3://bucket/key}, or {@code sha256:HASH} for one in
 * the farm's own {@code inputs/}.
 *
 * @param bucket empty for the farm's own
 */
record StoredReference(Optional<String> bucket, String key) {
  private static final String S3 = "s3://";
  private static final String SHA256 = "sha256:";
  private static final String INPUTS = "inputs/";
  private static final Pattern STORED = Pattern.compile(S3 + "([a-z0-9][a-z0-9._-]*)/(.+)");
  private static final Pattern HASHED = Pattern.compile(SHA256 + "([0-9a-f]{64})");
  private static final Pattern INPUT = Pattern.compile(INPUTS + "([0-9a-f]{64})");

  /** The object that {@code text} names; empty for a text that names none. */
  static Optional<StoredReference> of(String text) {
    Matcher hashed = HASHED.matcher(text);
    if (hashed.matches()) {
      return Optional.of(new StoredReference(Optional.empty(), INPUTS + hashed.group(1)));
    }
    return Optional.of(STORED.matcher(text))
        .filter(Matcher::matches)
        .map(stored -> new StoredReference(Optional.of(stored.group(1)), stored.group(2)));
  }

  /** The text of what was uploaded under its SHA-256 (64 hexadecimal digits). */
  static String input(String bucket, String sha256) {
    return S3 + bucket + "/" + INPUTS + sha256;
  }

  /** Shortens a reference to the hash where that is known; any other text is returned unchanged. */
  static String byHash(String text) {
    return of(text).flatMap(StoredReference::sha256).map(SHA256::concat).orElse(text);
  }

  /** Whether a text is to name an object of a store, and no file of this machine. */
  static boolean isStoreReference(String text) {
    return text.startsWith(S3) || text.startsWith(SHA256);
  }

  /** Whether a text names something that is not on this machine, in whatever way. */
  static boolean isRemote(String text) {
    return text.contains("://") || text.startsWith(SHA256);
  }

  /** What is wrong with a remote text; empty for one that names an object. */
  static Optional<String> complaint(String text) {
    return of(text).filter(StoredReference::isPlain).isPresent()
        ? Optional.empty()
        : Optional.of(
            "found " + Found.quoted(text) + ", allowed: s3://bucket/key or a path of a file");
  }

  /** The SHA-256 of an object that lies under its own hash. */
  Optional<String> sha256() {
    return Optional.of(INPUT.matcher(key)).filter(Matcher::matches).map(input -> input.group(1));
  }

  private boolean isPlain() {
    return Arrays.stream(key.split("/", -1))
        .noneMatch(part -> part.isEmpty() || part.equals(".") || part.equals(".."));
  }
}

package farm.darkroom.common.store;

import farm.darkroom.common.FarmException;
import farm.darkroom.common.job.Names;
import java.nio.charset.StandardCharsets;
import java.util.Locale;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** The layout of the store: which key holds what, and which keys can exist at all. */
public final class StoreKeys {
  /** The prefix of all results. */
  public static final String JOBS = "jobs/";

  /** The prefix of all previews. */
  public static final String PREVIEWS = "previews/";

  /** The prefix of all manifests, before the batch's name. */
  public static final String BATCHES = "batches/";

  private static final String PNG = ".png";
  private static final int LONGEST = 1024;
  private static final Pattern NAME = Pattern.compile("[A-Za-z0-9][A-Za-z0-9._-]{0,127}");

  private static final Pattern OF_A_JOB = Pattern.compile(JOBS + "([^/]+)/.+");
  private static final Pattern OF_A_BATCH = Pattern.compile(BATCHES + "([^/]+)/.+");
  private static final Pattern MANIFEST =
      Pattern.compile(BATCHES + "[^/]+/manifest(?:-(\\d{7}))?\\.jsonl");

  private StoreKeys() {}

  /** The prefix of one job's objects. */
  public static String jobPrefix(String jobId) {
    return JOBS + name("job id", jobId) + "/";
  }

  /** The job that an object belongs to; empty for other keys. */
  public static Optional<String> jobOf(String key) {
    return Optional.of(OF_A_JOB.matcher(key)).filter(Matcher::matches).map(of -> of.group(1));
  }

  /**
   * Output {@code index} of a job.
   *
   * @param extension {@code png}, or {@code safetensors} for latents
   */
  public static String output(String jobId, int index, String extension) {
    return jobPrefix(jobId) + index + "." + extension;
  }

  /** The commit point: a job is done if and only if this object exists. */
  public static String record(String jobId) {
    return jobPrefix(jobId) + "record.json";
  }

  /** An init image, mask or control image, by the SHA-256 of its bytes in hexadecimal. */
  public static String input(String sha256) {
    return "inputs/" + name("input", sha256);
  }

  /** The preview of a job, which exists only while it is rendered. */
  public static String preview(String jobId) {
    return PREVIEWS + name("job id", jobId) + PNG;
  }

  /** The job that a preview is of; empty for another key. */
  public static Optional<String> jobOfPreview(String key) {
    return key.startsWith(PREVIEWS) && key.endsWith(PNG)
        ? Optional.of(key.substring(PREVIEWS.length(), key.length() - PNG.length()))
        : Optional.empty();
  }

  /** What was submitted together first, in order. */
  public static String manifest(String batch) {
    return manifestPrefix(batch) + ".jsonl";
  }

  /**
   * What was added to a batch later, in order.
   *
   * @param number from 2
   */
  public static String manifest(String batch, int number) {
    return String.format(Locale.ROOT, "%s-%07d.jsonl", manifestPrefix(batch), number);
  }

  /** Which of its batch's manifests this is, the first of which is 1; empty for another key. */
  public static OptionalInt manifestNumber(String key) {
    Matcher manifest = MANIFEST.matcher(key);
    if (!manifest.matches()) {
      return OptionalInt.empty();
    }
    String number = manifest.group(1);
    return OptionalInt.of(number == null ? 1 : Integer.parseInt(number));
  }

  /** The batch that this is of; empty for another key. */
  public static Optional<String> batchOf(String key) {
    return Optional.of(OF_A_BATCH.matcher(key)).filter(Matcher::matches).map(of -> of.group(1));
  }

  /** The prefix of a batch's manifest and its additions. */
  public static String manifestPrefix(String batch) {
    return BATCHES + Names.requireBatch(batch) + "/manifest";
  }

  /**
   * Checks that a key is valid for every S3 service and file system.
   *
   * @throws FarmException INVALID_JOB for an empty or over-long key, control characters,
   *     backslashes, and empty, {@code .} or {@code ..} segments
   */
  public static String check(String key) {
    if (key.isEmpty() || key.getBytes(StandardCharsets.UTF_8).length > LONGEST) {
      throw refused(key, "1 to 1024 bytes");
    }
    if (key.chars().anyMatch(c -> Character.isISOControl(c) || c == '\\')) {
      throw refused(key, "no control characters and no backslash");
    }
    for (String segment : key.split("/", -1)) {
      if (segment.isEmpty() || segment.equals(".") || segment.equals("..")) {
        throw refused(key, "no empty, '.' or '..' segment");
      }
    }
    return key;
  }

  private static String name(String what, String name) {
    if (!NAME.matcher(name).matches()) {
      throw FarmException.invalidJob(
          "%s '%s' must be 1 to 128 of A-Z, a-z, 0-9, '.', '_' and '-', and begin with a letter or digit"
              .formatted(what, printable(name)));
    }
    return name;
  }

  private static FarmException refused(String key, String allowed) {
    return FarmException.invalidJob("store key '%s': %s".formatted(printable(key), allowed));
  }

  private static String printable(String text) {
    String shown = text.length() > 80 ? text.substring(0, 80) + "..." : text;
    return shown.replaceAll("\\p{Cntrl}", "?");
  }
}

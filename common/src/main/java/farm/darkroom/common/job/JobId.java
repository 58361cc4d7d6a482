package farm.darkroom.common.job;

import farm.darkroom.common.FarmException;
import farm.darkroom.common.Sha256;
import farm.darkroom.common.json.CanonicalJson;
import farm.darkroom.common.json.Found;
import farm.darkroom.common.json.JsonType;
import farm.darkroom.common.json.JsonTypes;
import java.util.Locale;
import java.util.Optional;
import java.util.regex.Pattern;

/**
 * A job's name for ever: the first 130 bits of the SHA-256 of the canonical JSON of all that
 * decides its pixels, in Crockford's base32, lower case, 26 characters. Labels do not count, nor
 * does the bucket in which an uploaded picture lies under its own hash.
 */
public record JobId(String text) {
  private static final String DIGITS = "0123456789abcdefghjkmnpqrstvwxyz";
  private static final Pattern FORM = Pattern.compile("[" + DIGITS + "]{26}");
  private static final int LENGTH = 26;
  private static final int BITS = 5;

  public JobId {
    complaint(text)
        .ifPresent(
            wrong -> {
              throw FarmException.invalidJob("job id: " + wrong);
            });
  }

  /**
   * The id of a job.
   *
   * @throws IllegalStateException when the job has no seed yet
   */
  public static JobId of(RenderJob job) {
    job.seedOf(0);
    return new JobId(base32(Sha256.of(CanonicalJson.bytes(job.pixels().toJson()))));
  }

  /** Reads an id as people type it: any case, and as Crockford says O is 0, I and L are 1. */
  public static JobId parse(String typed) {
    return new JobId(looksLike(typed) ? read(typed) : typed);
  }

  /** Whether {@link #parse} takes it. A batch may be called so as well. */
  public static boolean looksLike(String typed) {
    return isId(read(typed));
  }

  /** Whether it is an id as ids are written. */
  public static boolean isId(String text) {
    return FORM.matcher(text).matches();
  }

  private static String read(String typed) {
    String lower = typed.strip().toLowerCase(Locale.ROOT);
    return lower.replace('o', '0').replace('i', '1').replace('l', '1');
  }

  static JsonType<JobId> type() {
    return JsonTypes.text(100).refuse(JobId::complaint).as(JobId::new);
  }

  @Override
  public String toString() {
    return text;
  }

  private static Optional<String> complaint(String text) {
    return isId(text)
        ? Optional.empty()
        : Optional.of("found " + Found.quoted(text) + ", allowed: 26 characters of " + DIGITS);
  }

  private static String base32(byte[] hash) {
    StringBuilder out = new StringBuilder();
    for (int bit = 0; bit < LENGTH * BITS; bit += BITS) {
      int pair = (hash[bit / 8] & 0xff) << 8 | hash[bit / 8 + 1] & 0xff;
      out.append(DIGITS.charAt(pair >> 16 - BITS - bit % 8 & 31));
    }
    return out.toString();
  }
}

package farm.darkroom.common.queue;

import farm.darkroom.common.FarmException;
import farm.darkroom.common.job.JobId;
import farm.darkroom.common.job.QueuedJob;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.HexFormat;
import java.util.regex.Pattern;

/** What a record of a queue is called in events and lists, whatever it may be. */
public final class RecordName {
  private static final Pattern PLAIN = Pattern.compile("[A-Za-z0-9][A-Za-z0-9._-]{0,127}");
  private static final int SHOWN = 26;

  private RecordName() {}

  /** The id of the job that the record holds; for a record that is no job as {@link #unread}. */
  public static String of(String key, byte[] payload) {
    try {
      return QueuedJob.fromJson(payload).id().text();
    } catch (FarmException e) {
      return unread(key, payload);
    }
  }

  /**
   * What it is called while nobody knows what is in it: its key, or a name made of its payload's
   * hash when that is no plain name, or a job's id, which belongs to that job alone.
   *
   * @param key null when it has none
   */
  public static String unread(String key, byte[] payload) {
    boolean free = key != null && PLAIN.matcher(key).matches() && !JobId.looksLike(key);
    return free ? key : "unkeyed-" + hash(payload);
  }

  private static String hash(byte[] payload) {
    try {
      byte[] digest = MessageDigest.getInstance("SHA-256").digest(payload);
      return HexFormat.of().formatHex(digest).substring(0, SHOWN);
    } catch (NoSuchAlgorithmException e) {
      throw new IllegalStateException("every JDK has SHA-256", e);
    }
  }
}

package farm.darkroom.common.queue;

import farm.darkroom.common.FarmException;
import farm.darkroom.common.Sha256;
import farm.darkroom.common.job.JobId;
import farm.darkroom.common.job.QueuedJob;
import java.util.regex.Pattern;

/** What a record of a queue is called in events and lists, whatever it may be. */
public final class RecordName {
  private static final Pattern PLAIN = Pattern.compile("[A-Za-z0-9][A-Za-z0-9._-]{0,127}");
  private static final int SHOWN = 26;

  private RecordName() {}

  /** The id of the job that the record holds; for a record that is no job as {@link #noJob}. */
  public static String of(String key, byte[] payload) {
    try {
      return QueuedJob.fromJson(payload).id().text();
    } catch (FarmException e) {
      return noJob(key, payload);
    }
  }

  /**
   * The name of a record that holds no job: its key, or a name derived from the hash of its payload
   * if the key is missing, not a plain name or the id of a job.
   *
   * @param key null when it has none
   */
  public static String noJob(String key, byte[] payload) {
    return key != null && JobId.looksLike(key) ? unkeyed(payload) : unread(key, payload);
  }

  /**
   * The name of a record whose content has not been parsed: its key, or a name derived from the
   * hash of its payload if the key is not a plain name.
   *
   * @param key null when it has none
   */
  public static String unread(String key, byte[] payload) {
    return key != null && PLAIN.matcher(key).matches() ? key : unkeyed(payload);
  }

  private static String unkeyed(byte[] payload) {
    return "unkeyed-" + Sha256.hex(payload).substring(0, SHOWN);
  }
}

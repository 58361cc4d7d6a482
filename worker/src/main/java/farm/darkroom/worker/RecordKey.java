package farm.darkroom.worker;

import farm.darkroom.common.queue.Lease;
import java.util.regex.Pattern;

/** What a record of the queue is called while nobody knows which job it is. */
final class RecordKey {
  private static final Pattern PLAIN = Pattern.compile("[A-Za-z0-9][A-Za-z0-9._-]{0,127}");
  private static final int SHOWN = 26;

  private RecordKey() {}

  /** The record's own key, or a name made of its payload's hash when that is no plain name. */
  static String of(Lease lease) {
    String key = lease.key();
    return key != null && PLAIN.matcher(key).matches()
        ? key
        : "unkeyed-" + Sha256.hex(lease.payload()).substring(0, SHOWN);
  }
}

package farm.darkroom.common.kafka;

import static java.util.Objects.requireNonNull;

import java.util.concurrent.atomic.AtomicBoolean;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * What somebody else wrote to a log, where it stays. Its readers pass it over and name the first,
 * once: what they have to say would be lost among hundreds. Thread-safe.
 */
final class StrayRecords {
  private static final Logger log = LoggerFactory.getLogger(StrayRecords.class);
  private final String kind;
  private final AtomicBoolean named = new AtomicBoolean();

  /**
   * @param kind what the log is made of
   */
  StrayRecords(String kind) {
    this.kind = requireNonNull(kind, "kind");
  }

  void pass(ConsumerRecord<byte[], byte[]> record, String why) {
    if (named.compareAndSet(false, true)) {
      log.warn(
          "{} offset {} is ignored, and so are others like it: not a valid {}: {}",
          record.topic(),
          record.offset(),
          kind,
          why);
    } else {
      log.debug("{} offset {}: not a valid {}: {}", record.topic(), record.offset(), kind, why);
    }
  }
}

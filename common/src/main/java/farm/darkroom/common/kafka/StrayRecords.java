package farm.darkroom.common.kafka;

import static java.util.Objects.requireNonNull;

import java.time.Clock;
import java.time.Duration;
import java.util.concurrent.atomic.AtomicBoolean;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * What somebody else wrote to a log, where it stays. Its readers pass it over and name the first of
 * the last day, once: what they have to say would be lost among hundreds, and each command reads
 * all of a log for ever. Thread-safe.
 */
final class StrayRecords {
  private static final Logger log = LoggerFactory.getLogger(StrayRecords.class);
  private static final Duration NEWS = Duration.ofDays(1);
  private final String kind;
  private final Clock clock;
  private final AtomicBoolean named = new AtomicBoolean();

  /**
   * @param kind what the log is made of
   */
  StrayRecords(String kind, Clock clock) {
    this.kind = requireNonNull(kind, "kind");
    this.clock = requireNonNull(clock, "clock");
  }

  void pass(ConsumerRecord<byte[], byte[]> record, String why) {
    if (isNews(record) && named.compareAndSet(false, true)) {
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

  /** By the broker's clock. */
  boolean isNews(ConsumerRecord<byte[], byte[]> record) {
    return record.timestamp() > clock.instant().minus(NEWS).toEpochMilli();
  }
}

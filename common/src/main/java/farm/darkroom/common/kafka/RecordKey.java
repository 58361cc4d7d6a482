package farm.darkroom.common.kafka;

import java.nio.charset.StandardCharsets;
import java.util.Optional;
import org.apache.kafka.clients.consumer.ConsumerRecord;

/** The keys of the farm's records, which are text. */
final class RecordKey {
  private RecordKey() {}

  /** Empty when the record has none: anybody may have written it. */
  static Optional<String> of(ConsumerRecord<byte[], byte[]> record) {
    return Optional.ofNullable(record.key()).map(key -> new String(key, StandardCharsets.UTF_8));
  }
}

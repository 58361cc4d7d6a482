package farm.darkroom.common.kafka;

import java.nio.charset.StandardCharsets;
import java.util.Optional;
import org.apache.kafka.clients.consumer.ConsumerRecord;

/** Encodes and decodes the keys of the farm's records, which are UTF-8 text. */
final class RecordKey {
  private RecordKey() {}

  /** Empty when the record has none: anybody may have written it. */
  static Optional<String> of(ConsumerRecord<byte[], byte[]> record) {
    return Optional.ofNullable(record.key()).map(key -> new String(key, StandardCharsets.UTF_8));
  }
}

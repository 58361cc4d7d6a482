package farm.darkroom.common.kafka;

import farm.darkroom.common.queue.DeadLetter;
import farm.darkroom.common.queue.DeadLetters;
import java.nio.charset.StandardCharsets;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.apache.kafka.clients.admin.Admin;
import org.apache.kafka.clients.admin.ListOffsetsResult.ListOffsetsResultInfo;
import org.apache.kafka.clients.admin.OffsetSpec;
import org.apache.kafka.clients.admin.RecordsToDelete;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.common.header.Header;

/** The dead letter topic of one queue, as the broker fills it. Thread-safe. */
public final class KafkaDeadLetters implements DeadLetters {
  private static final String SOURCE = "__dlq.errors.topic";
  private static final String PARTITION = "__dlq.errors.partition";
  private static final String OFFSET = "__dlq.errors.offset";
  private static final String DELIVERIES = "__dlq.errors.delivery.count";

  private final KafkaClients clients;
  private final QueueNames names;
  private volatile Map<TopicPartition, Long> listed = Map.of();

  public KafkaDeadLetters(KafkaSettings settings, String queue) {
    this.clients = new KafkaClients(settings);
    this.names = new QueueNames(queue);
  }

  @Override
  public List<DeadLetter> list() {
    List<DeadLetter> letters = new ArrayList<>();
    try (TopicReader reader = new TopicReader(clients, names.deadLetters())) {
      reader.fromStart().readToEnd(record -> letters.add(letter(record)));
      listed = reader.positions();
    }
    letters.sort(Comparator.comparing(DeadLetter::at));
    return letters;
  }

  /** Reads only the end of the topic, so the cost does not depend on its length. */
  @Override
  public List<DeadLetter> last(int count) {
    List<DeadLetter> letters = new ArrayList<>();
    try (TopicReader end = new TopicReader(clients, names.deadLetters()).beforeEnd(count)) {
      end.readToEnd(record -> letters.add(letter(record)));
    }
    letters.sort(Comparator.comparing(DeadLetter::at));
    return letters.subList(Math.max(0, letters.size() - count), letters.size());
  }

  @Override
  public long purge() {
    KafkaFailures failures = clients.failures();
    String what = "purge " + names.deadLetters();
    try (Admin admin = clients.admin()) {
      Map<TopicPartition, ListOffsetsResultInfo> first = offsets(admin, OffsetSpec.earliest());
      Map<TopicPartition, Long> end = listed.isEmpty() ? ends(admin) : listed;
      Map<TopicPartition, RecordsToDelete> all = new HashMap<>();
      end.forEach((tp, offset) -> all.put(tp, RecordsToDelete.beforeOffset(offset)));
      failures.await(what, admin.deleteRecords(all).all());
      return end.keySet().stream()
          .mapToLong(tp -> Math.max(0, end.get(tp) - first.get(tp).offset()))
          .sum();
    }
  }

  private Map<TopicPartition, Long> ends(Admin admin) {
    Map<TopicPartition, Long> ends = new HashMap<>();
    offsets(admin, OffsetSpec.latest()).forEach((tp, info) -> ends.put(tp, info.offset()));
    return ends;
  }

  private Map<TopicPartition, ListOffsetsResultInfo> offsets(Admin admin, OffsetSpec spec) {
    return new TopicOffsets(admin, clients.failures()).read(List.of(names.deadLetters()), spec);
  }

  private static DeadLetter letter(ConsumerRecord<byte[], byte[]> record) {
    return new DeadLetter(
        RecordKey.of(record).orElse(null),
        record.value() == null ? new byte[0] : record.value(),
        header(record, SOURCE).orElse(""),
        header(record, DELIVERIES).map(KafkaDeadLetters::number).orElse(0),
        Instant.ofEpochMilli(record.timestamp()),
        place(record));
  }

  /** Formats the position of a queue's record, such as {@code darkroom.default.low-0@17}. */
  static String place(String topic, Object partition, Object offset) {
    return topic + "-" + partition + "@" + offset;
  }

  private static Optional<String> place(ConsumerRecord<byte[], byte[]> record) {
    return header(record, SOURCE)
        .flatMap(
            topic ->
                header(record, PARTITION)
                    .flatMap(
                        partition ->
                            header(record, OFFSET).map(offset -> place(topic, partition, offset))));
  }

  private static Optional<String> header(ConsumerRecord<byte[], byte[]> record, String name) {
    return Optional.ofNullable(record.headers().lastHeader(name))
        .map(Header::value)
        .map(value -> new String(value, StandardCharsets.UTF_8));
  }

  private static int number(String text) {
    return text.matches("\\d{1,9}") ? Integer.parseInt(text) : 0;
  }
}

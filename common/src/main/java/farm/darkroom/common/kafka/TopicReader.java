package farm.darkroom.common.kafka;

import java.time.Duration;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.Consumer;
import java.util.function.Function;
import java.util.stream.Collectors;
import org.apache.kafka.clients.consumer.CloseOptions;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.clients.consumer.ConsumerRecords;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.common.errors.TimeoutException;

/** Reads one topic as a whole and goes on from where it stopped. Not thread-safe. */
final class TopicReader implements AutoCloseable {
  private final String topic;
  private final KafkaFailures failures;
  private final Duration patience;
  private final org.apache.kafka.clients.consumer.Consumer<byte[], byte[]> consumer;
  private List<TopicPartition> partitions = List.of();

  TopicReader(KafkaClients clients, String topic) {
    this.topic = topic;
    this.failures = clients.failures();
    this.patience = clients.settings().patience();
    this.consumer = clients.reader();
  }

  /** Seeks to the first record. Closes the reader on failure. */
  TopicReader fromStart() {
    return orClosed(() -> failures.during("read " + topic, this::toStart));
  }

  /** Seeks to the end. Closes the reader on failure. */
  TopicReader fromEnd() {
    return orClosed(() -> ends().forEach(consumer::seek));
  }

  /** Seeks to this many offsets before the end of each partition. Closes the reader on failure. */
  TopicReader beforeEnd(long records) {
    return orClosed(
        () -> {
          Map<TopicPartition, Long> ends = ends();
          failures.during("read " + topic, this::toStart);
          ends.forEach(
              (partition, end) ->
                  consumer.seek(partition, Math.max(consumer.position(partition), end - records)));
        });
  }

  private TopicReader orClosed(Runnable place) {
    try {
      assign();
      place.run();
      return this;
    } catch (RuntimeException e) {
      close();
      throw e;
    }
  }

  /**
   * Passes on every record up to those that are there at the time of the call.
   *
   * @throws farm.darkroom.common.FarmException QUEUE_UNAVAILABLE when the broker falls silent
   */
  void readToEnd(Consumer<ConsumerRecord<byte[], byte[]>> reader) {
    Map<TopicPartition, Long> ends = ends();
    long heard = System.nanoTime();
    while (!isBehind(ends)) {
      if (poll(Duration.ofMillis(100), reader) > 0) {
        heard = System.nanoTime();
      } else if (System.nanoTime() - heard > patience.toNanos()) {
        throw failures.failure("read " + topic, new TimeoutException("silence"));
      }
    }
  }

  /**
   * The oldest record at or behind these offsets, of those that come within a second. A partition
   * that is not named is new.
   */
  Optional<ConsumerRecord<byte[], byte[]>> first(Map<TopicPartition, Long> offsets) {
    assign();
    partitions.forEach(partition -> consumer.seek(partition, offsets.getOrDefault(partition, 0L)));
    List<ConsumerRecord<byte[], byte[]>> found = new ArrayList<>();
    for (int attempt = 0; attempt < 10 && found.isEmpty(); attempt++) {
      poll(Duration.ofMillis(100), found::add);
    }
    return found.stream().min(Comparator.comparingLong(ConsumerRecord::timestamp));
  }

  /**
   * Passes on what comes within {@code wait}.
   *
   * @return how many
   */
  int poll(Duration wait, Consumer<ConsumerRecord<byte[], byte[]>> reader) {
    ConsumerRecords<byte[], byte[]> records =
        failures.during("read " + topic, () -> consumer.poll(wait));
    records.forEach(reader);
    return records.count();
  }

  /** The offsets after the records that were passed on. */
  Map<TopicPartition, Long> positions() {
    return failures.during(
        "read " + topic,
        () ->
            partitions.stream().collect(Collectors.toMap(Function.identity(), consumer::position)));
  }

  /** Closes at once: without a group there is nothing to commit. */
  @Override
  public void close() {
    consumer.close(CloseOptions.timeout(Duration.ZERO));
  }

  private void assign() {
    partitions =
        failures.during("read " + topic, () -> consumer.partitionsFor(topic)).stream()
            .map(info -> new TopicPartition(topic, info.partition()))
            .toList();
    consumer.assign(partitions);
  }

  private boolean toStart() {
    consumer.beginningOffsets(partitions).forEach(consumer::seek);
    return true;
  }

  private Map<TopicPartition, Long> ends() {
    return failures.during("read " + topic, () -> consumer.endOffsets(partitions));
  }

  private boolean isBehind(Map<TopicPartition, Long> ends) {
    return failures.during(
        "read " + topic,
        () ->
            ends.entrySet().stream()
                .allMatch(end -> consumer.position(end.getKey()) >= end.getValue()));
  }
}

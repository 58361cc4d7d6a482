package farm.darkroom.common.kafka;

import static java.util.Objects.requireNonNull;

import java.time.Duration;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.locks.LockSupport;
import java.util.function.Supplier;
import org.apache.kafka.clients.consumer.AcknowledgeType;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.clients.consumer.ShareConsumer;
import org.apache.kafka.common.KafkaException;
import org.apache.kafka.common.Metric;
import org.apache.kafka.common.TopicIdPartition;
import org.apache.kafka.common.errors.InvalidRecordStateException;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * A share consumer on one topic, which holds at most one record. Thread-safe; what it {@code is}
 * can be asked while another thread waits for the broker's answer.
 *
 * <p>A seat that was asked and had nothing is <em>fetching</em>: its client keeps a fetch open at
 * the broker on its own, so that the next record of the topic may come to this seat although nobody
 * polls it any more. Only a record that arrives, or {@link #close}, ends that. A seat that gave a
 * record is quiet: nothing more comes until it is asked again.
 *
 * <p>A fetch that the broker answered may have brought a record which lies in the client: only a
 * look into the client after the answer tells that there was none.
 */
final class Seat {
  private static final Logger LOG = LoggerFactory.getLogger(Seat.class);
  private static final Duration CLOSING = Duration.ofSeconds(2);

  /** How long a client that fetches may go unpolled: only a poll tells of some errors. */
  private static final long UNPOLLED_NANOS = Duration.ofMillis(500).toNanos();

  private static final long LOOK_NANOS = Duration.ofMillis(1).toNanos();

  private static final long COUNTED_NANOS = Duration.ofMillis(5).toNanos();
  private static final long COUNTED_LOOK_NANOS = Duration.ofNanos(50_000).toNanos();

  private static final int ANSWERS = 2;

  private final String topic;
  private final Supplier<ShareConsumer<byte[], byte[]>> opener;
  private final KafkaFailures failures;
  private volatile ShareConsumer<byte[], byte[]> consumer;
  private Metric fetches;
  private double answersBefore;
  private double answersAtRest;
  private boolean unasked;
  private long askedAt;
  private long polledAt;
  private int empty;
  private long emptyAsOf = System.nanoTime() - Long.MAX_VALUE / 2;
  private volatile boolean fetching;
  private long freshAt;
  private volatile ConsumerRecord<byte[], byte[]> held;

  Seat(String topic, Supplier<ShareConsumer<byte[], byte[]>> opener, KafkaFailures failures) {
    this.topic = topic;
    this.opener = opener;
    this.failures = failures;
  }

  boolean isOpen() {
    return consumer != null;
  }

  boolean isHolding() {
    return held != null;
  }

  boolean isFetching() {
    return fetching;
  }

  /**
   * Whether the client of this quiet seat was answered something that nobody asked for: a record
   * may lie there.
   */
  synchronized boolean isStirred() {
    return isOpen() && !isHolding() && !fetching && (unasked || answers() > answersAtRest);
  }

  /**
   * Whether the broker has said since this seat began to fetch that it has no record for it: twice.
   * To a new consumer the broker may say nothing while it is finding out itself.
   */
  synchronized boolean isAnswered() {
    return fetching && empty >= ANSWERS;
  }

  /** No record was there for this seat at this moment (of {@link System#nanoTime}), or later. */
  synchronized long emptyAsOf() {
    return emptyAsOf;
  }

  /**
   * Asks for a record for up to {@code wait}; opens the consumer if it is closed.
   *
   * <p>The client is polled once for each answer. Polled more often, it may note that it is to
   * fetch just after a record came, and then takes another that nobody asks this seat for.
   */
  synchronized Optional<ConsumerRecord<byte[], byte[]>> take(Duration wait) {
    if (consumer == null) {
      open();
    }
    Optional<ConsumerRecord<byte[], byte[]>> record = fetching ? Optional.empty() : begin();
    return record.isEmpty() && isWorthALook(wait) ? look() : record;
  }

  private Optional<ConsumerRecord<byte[], byte[]>> begin() {
    long now = System.nanoTime();
    fetching = true;
    unasked = false;
    freshAt = now;
    empty = 0;
    answersBefore = answers();
    askedAt = now;
    return polled(now);
  }

  /** Waits for an answer, or for the time to poll without one. */
  private boolean isWorthALook(Duration wait) {
    long end = System.nanoTime() + wait.toNanos();
    while (answers() <= answersBefore && System.nanoTime() - polledAt < UNPOLLED_NANOS) {
      if (System.nanoTime() - end >= 0) {
        return false;
      }
      LockSupport.parkNanos(LOOK_NANOS);
    }
    return true;
  }

  private Optional<ConsumerRecord<byte[], byte[]>> look() {
    long now = System.nanoTime();
    double answers = answers();
    Optional<ConsumerRecord<byte[], byte[]>> record = polled(now);
    if (record.isEmpty()) {
      if (answers > answersBefore) {
        noteEmpty(answers, now);
      }
      freshAt = System.nanoTime();
    }
    return record;
  }

  private Optional<ConsumerRecord<byte[], byte[]>> polled(long now) {
    polledAt = now;
    for (ConsumerRecord<byte[], byte[]> record : poll()) {
      held = record;
      fetching = false;
      answersAtRest = answers();
      return Optional.of(record);
    }
    return Optional.empty();
  }

  /** The fetch asked for at {@code askedAt} brought nothing; the next is asked for now. */
  private void noteEmpty(double answers, long now) {
    empty++;
    emptyAsOf = isAnswered() ? askedAt : emptyAsOf;
    answersBefore = answers;
    askedAt = now;
  }

  /** Before this moment (of {@link System#nanoTime}) the record that is held was not acquired. */
  synchronized long freshAt() {
    return freshAt;
  }

  /**
   * Ends the lease of {@code record}.
   *
   * @return false when it was lost
   * @throws farm.darkroom.common.FarmException QUEUE_UNAVAILABLE: nobody knows whether the broker
   *     noted it. The record comes again if it did not
   */
  synchronized boolean settle(ConsumerRecord<byte[], byte[]> record, AcknowledgeType type) {
    if (held == null || !same(held, record)) {
      return false;
    }
    boolean kept = acknowledge(type);
    held = null;
    return kept;
  }

  /** As {@link #settle}, with a new lease of the same record. */
  synchronized boolean renew(ConsumerRecord<byte[], byte[]> record) {
    if (held == null || !same(held, record)) {
      return false;
    }
    if (!acknowledge(AcknowledgeType.RENEW)) {
      held = null;
      return false;
    }
    for (ConsumerRecord<byte[], byte[]> again : poll()) {
      if (same(again, record)) {
        held = again;
        return true;
      }
    }
    close();
    throw failures.failure("renew a lease", new KafkaException("the renewed record did not come"));
  }

  /** Leaves the group; the broker hands on at once what this seat held or had on the way. */
  void close() {
    leave().run();
  }

  /**
   * Is closed from now on, and may be opened again. The consumer leaves the group when the answer
   * is run, which takes a fetch's time.
   */
  synchronized Runnable leave() {
    ShareConsumer<byte[], byte[]> leaving = consumer;
    consumer = null;
    held = null;
    fetching = false;
    return leaving == null ? () -> {} : () -> close(leaving);
  }

  private void close(ShareConsumer<byte[], byte[]> leaving) {
    try {
      leaving.close(CLOSING);
    } catch (KafkaException e) {
      LOG.debug("{}: the broker did not see this seat leave; it ends the session itself", topic, e);
    }
  }

  /** Lets go of {@code record}, whose lease ran out: the client still believes in it. */
  synchronized void abandon(ConsumerRecord<byte[], byte[]> record) {
    if (held != null && same(held, record)) {
      close();
    }
  }

  private void open() {
    consumer = opener.get();
    consumer.subscribe(List.of(topic));
    fetching = false;
    unasked = false;
    answersAtRest = 0;
    fetches =
        consumer.metrics().values().stream()
            .filter(metric -> metric.metricName().name().equals("fetch-total"))
            .findFirst()
            .map(metric -> (Metric) metric)
            .orElseThrow();
  }

  private double answers() {
    return (Double) requireNonNull(fetches).metricValue();
  }

  private Iterable<ConsumerRecord<byte[], byte[]>> poll() {
    try {
      return consumer.poll(Duration.ZERO);
    } catch (KafkaException e) {
      close();
      throw failures.failure("lease from " + topic, e);
    }
  }

  /** A lost lease is no exception of commitSync: it stands in the map that it returns. */
  private boolean acknowledge(AcknowledgeType type) {
    Map<TopicIdPartition, Optional<KafkaException>> outcome;
    double before = answers();
    unasked |= before > answersAtRest;
    try {
      consumer.acknowledge(held, type);
      outcome = consumer.commitSync();
      awaitCounted(before);
      answersAtRest = answers();
    } catch (KafkaException e) {
      throw unknown(type, e);
    }
    if (outcome.size() != 1) {
      throw unknown(type, new KafkaException("the broker did not answer for the record"));
    }
    Optional<KafkaException> refusal = outcome.values().iterator().next();
    if (refusal.isEmpty()) {
      return true;
    }
    if (refusal.get() instanceof InvalidRecordStateException) {
      return false;
    }
    throw unknown(type, refusal.get());
  }

  /**
   * The client counts the answer to an acknowledgement among those to fetches, and does so a moment
   * after it has come.
   */
  private void awaitCounted(double before) {
    long end = System.nanoTime() + COUNTED_NANOS;
    while (answers() <= before && System.nanoTime() - end < 0) {
      LockSupport.parkNanos(COUNTED_LOOK_NANOS);
    }
  }

  /** The session is closed, so that the broker hands the record on if it did not note it. */
  private RuntimeException unknown(AcknowledgeType type, KafkaException cause) {
    close();
    return failures.failure(type.name().toLowerCase(Locale.ROOT) + " a lease of " + topic, cause);
  }

  private static boolean same(
      ConsumerRecord<byte[], byte[]> one, ConsumerRecord<byte[], byte[]> other) {
    return one.partition() == other.partition() && one.offset() == other.offset();
  }
}

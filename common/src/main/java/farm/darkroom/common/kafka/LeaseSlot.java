package farm.darkroom.common.kafka;

import java.time.Duration;
import java.util.Locale;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.Executor;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.function.Supplier;
import org.apache.kafka.clients.consumer.AcknowledgeType;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.clients.consumer.ShareConsumer;
import org.apache.kafka.common.KafkaException;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * A share consumer on one topic, which holds at most one record. Thread-safe; what it {@code is}
 * can be asked while another thread waits for the broker's answer.
 *
 * <p>A slot that was asked and had nothing is <em>fetching</em>: its client keeps a fetch open at
 * the broker, so that the next record of the topic may come to this slot although nobody asks it
 * any more. Only a record that is taken, or {@link #close}, ends that. A slot that gave a record is
 * quiet: nothing more comes until it is asked again ({@link LongPoll} says what that takes).
 */
final class LeaseSlot {
  private static final Logger log = LoggerFactory.getLogger(LeaseSlot.class);

  private final String topic;
  private final Supplier<ShareConsumer<byte[], byte[]>> opener;
  private final KafkaFailures failures;
  private final Executor threads;
  private final PollSignal pollSignal;
  private final Runnable freed;
  private volatile ShareMember member;
  private volatile LongPoll fetch;
  private long freshAt;
  private volatile ConsumerRecord<byte[], byte[]> held;

  /**
   * @param threads lends one while the slot is fetching
   * @param pollSignal hears when there is something to take
   * @param freed called when this slot holds nothing any more, by whoever brought that about
   */
  LeaseSlot(
      String topic,
      Supplier<ShareConsumer<byte[], byte[]>> opener,
      KafkaFailures failures,
      Executor threads,
      PollSignal pollSignal,
      Runnable freed) {
    this.topic = topic;
    this.opener = opener;
    this.failures = failures;
    this.threads = threads;
    this.pollSignal = pollSignal;
    this.freed = freed;
  }

  boolean isOpen() {
    return member != null;
  }

  boolean isHolding() {
    return held != null;
  }

  boolean isFetching() {
    return fetch != null;
  }

  /** Whether {@link #take} need not wait. */
  boolean hasArrived() {
    LongPoll asked = fetch;
    return asked != null && asked.isOver();
  }

  /** Whether the broker has answered since this slot began to fetch. */
  boolean isAnswered() {
    LongPoll asked = fetch;
    return asked != null && asked.isAnswered();
  }

  /** Asks for a record for up to {@code wait}; opens the consumer if it is closed. */
  synchronized Optional<ConsumerRecord<byte[], byte[]>> take(Duration wait) {
    if (member == null) {
      member = ShareMember.join(topic, opener, failures);
    }
    if (fetch == null) {
      freshAt = System.nanoTime();
      fetch = new LongPoll(member, threads, pollSignal);
    }
    Optional<ConsumerRecord<byte[], byte[]>> record = await(wait);
    if (record.isPresent()) {
      held = record.get();
      fetch = null;
    } else {
      freshAt = System.nanoTime();
    }
    return record;
  }

  /** The earliest {@link System#nanoTime} at which the held record can have been acquired. */
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
    clearHeld();
    return kept;
  }

  /** As {@link #settle}, with a new lease of the same record. */
  synchronized boolean renew(ConsumerRecord<byte[], byte[]> record) {
    if (held == null || !same(held, record)) {
      return false;
    }
    if (!acknowledge(AcknowledgeType.RENEW)) {
      clearHeld();
      return false;
    }
    for (ConsumerRecord<byte[], byte[]> again : renewed()) {
      if (same(again, record)) {
        held = again;
        return true;
      }
    }
    close();
    throw failures.failure("renew a lease", new KafkaException("the renewed record did not come"));
  }

  /** Leaves the group; the broker hands on at once what this slot held or had on the way. */
  void close() {
    leave().run();
  }

  /**
   * Closes the slot without waiting.
   *
   * @return waits until it is done
   */
  synchronized Runnable leave() {
    if (member == null) {
      return () -> {};
    }
    ShareMember leaving = member;
    CompletableFuture<?> quiet =
        fetch == null ? CompletableFuture.completedFuture(null) : fetch.end();
    member = null;
    clearHeld();
    fetch = null;
    CompletableFuture<?> closed = quiet.handleAsync((found, failure) -> leaving.leave(), threads);
    return () -> await(closed);
  }

  private void await(CompletableFuture<?> closed) {
    try {
      Object unused = closed.get(ShareMember.CLOSING.toMillis() * 2, TimeUnit.MILLISECONDS);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    } catch (ExecutionException | TimeoutException e) {
      log.debug("{}: this slot did not leave in time", topic, e);
    }
  }

  private void clearHeld() {
    held = null;
    freed.run();
  }

  /** Drops {@code record}, whose lease has expired although the client still holds it. */
  synchronized void abandon(ConsumerRecord<byte[], byte[]> record) {
    if (held != null && same(held, record)) {
      close();
    }
  }

  private Optional<ConsumerRecord<byte[], byte[]>> await(Duration wait) {
    try {
      return fetch.await(wait);
    } catch (ExecutionException e) {
      close();
      throw failures.failure("lease from " + topic, e.getCause());
    } catch (InterruptedException e) {
      throw failures.failure("lease from " + topic, e);
    }
  }

  private Iterable<ConsumerRecord<byte[], byte[]>> renewed() {
    try {
      return member.renewed();
    } catch (KafkaException e) {
      close();
      throw failures.failure("renew a lease of " + topic, e);
    }
  }

  private boolean acknowledge(AcknowledgeType type) {
    try {
      return member.acknowledge(held, type);
    } catch (KafkaException e) {
      throw unknown(type, e);
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

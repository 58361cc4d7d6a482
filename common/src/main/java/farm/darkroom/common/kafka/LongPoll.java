package farm.darkroom.common.kafka;

import java.time.Duration;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.Executor;
import org.apache.kafka.clients.consumer.ConsumerRecord;

/**
 * One poll of a share consumer that lasts, in a thread of its own, until a record comes. While it
 * does, nobody else may use the consumer. Thread-safe.
 *
 * <p>A client fetches from the moment that a poll found nothing until a record came. A second poll
 * meanwhile says "fetch" again, and when its network thread hears that behind the record (Kafka
 * 4.4: ShareConsumeRequestManager), it goes on fetching beside the record that the poll gave. What
 * that fetch takes nobody sees until the record is acknowledged. So there is no second poll: who
 * waits, waits for this one.
 */
final class LongPoll {
  private static final Duration LONG = Duration.ofDays(1);

  /** A fetch is answered within {@link KafkaClients#FETCH_WAIT}. */
  private static final long SILENCE_NANOS = Duration.ofMillis(500).toNanos();

  /** A longer gap between two looks means that this process may have been suspended. */
  private static final long LOOK_NANOS = Duration.ofMillis(50).toNanos();

  private final ShareMember member;
  private final PollSignal pollSignal;
  private final double answersBefore;
  private final CompletableFuture<Optional<ConsumerRecord<byte[], byte[]>>> record =
      new CompletableFuture<>();
  private double answersHeard;
  private long lookedAt;
  private long silentNanos;
  private volatile boolean ended;

  /**
   * Starts the poll.
   *
   * @param thread runs it
   * @param pollSignal hears when it is over
   */
  LongPoll(ShareMember member, Executor thread, PollSignal pollSignal) {
    this.member = member;
    this.pollSignal = pollSignal;
    this.answersBefore = member.answers();
    this.answersHeard = answersBefore;
    this.lookedAt = System.nanoTime();
    thread.execute(this::run);
  }

  /** Whether the poll has ended, with a record or a failure. */
  boolean isOver() {
    return record.isDone();
  }

  /** Whether the broker has answered since: then it had no record, or that is just coming. */
  boolean isAnswered() {
    return member.answers() > answersBefore;
  }

  /**
   * Waits for the record.
   *
   * @return the record, if it came
   * @throws ExecutionException when the poll failed
   */
  Optional<ConsumerRecord<byte[], byte[]>> await(Duration wait)
      throws ExecutionException, InterruptedException {
    if (pollSignal.await(this::isOver, System.nanoTime() + wait.toNanos())) {
      return record.get();
    }
    renewIfSilent();
    return Optional.empty();
  }

  /**
   * Ends it; the client may have a fetch open all the same, or a record.
   *
   * @return completed when nobody polls any more
   */
  CompletableFuture<?> end() {
    ended = true;
    member.stop();
    return record;
  }

  /**
   * A client that was given what is no record, such as the mark of a transaction, fetches no more
   * before the next poll. No answer for a while means that no fetch is open, so there may be one.
   */
  private void renewIfSilent() {
    long now = System.nanoTime();
    double count = member.answers();
    silentNanos = count > answersHeard ? 0 : silentNanos + Math.min(now - lookedAt, LOOK_NANOS);
    answersHeard = count;
    lookedAt = now;
    if (silentNanos > SILENCE_NANOS) {
      silentNanos = 0;
      // What comes just now needs no wakeup.
      if (!isOver() && member.answers() <= count) {
        member.wake();
      }
    }
  }

  private void run() {
    try {
      record.complete(poll());
    } catch (RuntimeException | Error e) {
      record.completeExceptionally(e);
    }
    pollSignal.signal();
  }

  private Optional<ConsumerRecord<byte[], byte[]>> poll() {
    Optional<ConsumerRecord<byte[], byte[]>> found = Optional.empty();
    while (!ended && found.isEmpty()) {
      found = member.poll(LONG);
    }
    return found;
  }
}

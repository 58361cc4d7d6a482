package farm.darkroom.common.kafka;

import static org.assertj.core.api.Assertions.assertThat;

import farm.darkroom.common.Await;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.Semaphore;
import java.util.concurrent.atomic.AtomicReference;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.clients.consumer.ConsumerRecords;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.common.errors.WakeupException;
import org.junit.jupiter.api.Test;

class LongPollTest {
  private static final String TOPIC = "darkroom.q.normal";
  private static final ConsumerRecord<byte[], byte[]> JOB =
      new ConsumerRecord<>(TOPIC, 0, 7, new byte[0], new byte[0]);

  /** After a record, in the moment before its client polls: nobody would hear of it for a day. */
  @Test
  void pollEndedWhileItBeginsEnds() {
    ShareMember member = ShareMember.join(TOPIC, OneJob::new, new KafkaFailures("nowhere:1", true));
    assertThat(member.poll(Duration.ofSeconds(1))).contains(JOB);
    AtomicReference<Thread> thread = new AtomicReference<>();
    CompletableFuture<?> over;
    synchronized (member) {
      LongPoll poll = new LongPoll(member, run -> thread.set(started(run)), new PollSignal());
      Await.until(() -> thread.get().getState() == Thread.State.BLOCKED);
      over = poll.end();
    }
    assertThat(over).succeedsWithin(Duration.ofSeconds(10));
  }

  private static Thread started(Runnable run) {
    Thread thread = new Thread(run);
    thread.setDaemon(true);
    thread.start();
    return thread;
  }

  /** Gives one record, and then waits until it is woken. */
  private static final class OneJob extends CountedMember {
    private final Semaphore wakeups = new Semaphore(0);
    private boolean given;

    @Override
    public ConsumerRecords<byte[], byte[]> poll(Duration longest) {
      if (!given) {
        given = true;
        return new ConsumerRecords<>(Map.of(new TopicPartition(TOPIC, 0), List.of(JOB)), Map.of());
      }
      wakeups.acquireUninterruptibly();
      throw new WakeupException();
    }

    @Override
    public void wakeup() {
      wakeups.release();
    }
  }
}

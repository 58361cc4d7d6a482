package farm.darkroom.infra.queue;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import farm.darkroom.common.Await;
import farm.darkroom.common.FarmException;
import farm.darkroom.common.job.JobEvent;
import farm.darkroom.common.job.JobState;
import farm.darkroom.common.kafka.FarmTopics;
import farm.darkroom.common.kafka.KafkaDeadLetters;
import farm.darkroom.common.kafka.KafkaEventLog;
import farm.darkroom.common.kafka.KafkaJobPublisher;
import farm.darkroom.common.kafka.KafkaJobQueue;
import farm.darkroom.common.kafka.KafkaSettings;
import farm.darkroom.common.kafka.KafkaStopOrders;
import farm.darkroom.common.kafka.QueueNames;
import farm.darkroom.common.queue.JobPublisher.Posting;
import farm.darkroom.common.queue.Lane;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.parallel.Execution;
import org.junit.jupiter.api.parallel.ExecutionMode;

/** What each part says where no broker is, which it waits for. */
@Execution(ExecutionMode.CONCURRENT)
class NoBrokerTest {

  @Test
  void theDefaultPatienceIsLessThanTenSeconds() {
    assertThat(KafkaSettings.DEFAULT_PATIENCE).isLessThan(Duration.ofSeconds(10));
    Silence.isSaidBy(() -> new KafkaJobQueue(KafkaSettings.of("127.0.0.1:1"), "default").close());
  }

  @Test
  void stopOrdersAreNotFollowed() {
    Silence.isSaidBy(() -> new KafkaStopOrders(Silence.NOBODY, Clock.systemUTC()).close());
  }

  @Test
  void deadLettersAreNotListed() {
    Silence.isSaidBy(() -> new KafkaDeadLetters(Silence.NOBODY, "default").list());
  }

  @Test
  void eventsAreNotRead() {
    try (KafkaEventLog log = new KafkaEventLog(Silence.NOBODY)) {
      Silence.isSaidBy(log::latest);
    }
  }

  /** Where the broker may have it after all, the worker looks whether it came too late. */
  @Test
  void theEndOfALostEventIsTold() {
    AtomicBoolean told = new AtomicBoolean();
    JobEvent event =
        new JobEvent(
            "a".repeat(32),
            JobState.STARTED,
            Instant.EPOCH,
            Optional.empty(),
            Optional.of("w1"),
            1,
            Optional.empty(),
            Optional.empty(),
            Optional.empty());
    try (KafkaEventLog log = new KafkaEventLog(Silence.NOBODY)) {
      log.publishAsync(event, () -> told.set(true));
      Await.until("the end", OpenQueue.PATIENCE, told::get);
    }
  }

  @Test
  void topicsAreNotVerified() {
    Silence.isSaidBy(
        () -> {
          try (FarmTopics topics = new FarmTopics(Silence.NOBODY)) {
            topics.verify(new QueueNames("default"));
          }
        });
  }

  @Test
  void oneJobIsNotPublished() {
    Silence.isSaidBy(() -> publish(1));
  }

  @Test
  void manyJobsWaitNoLongerThanOne() {
    Silence.isSaidBy(() -> publish(100));
  }

  private static void publish(int jobs) {
    List<Posting> postings =
        IntStream.range(0, jobs).mapToObj(i -> new Posting("j" + i, new byte[1])).toList();
    try (KafkaJobPublisher publisher = new KafkaJobPublisher(Silence.NOBODY, "default")) {
      publisher.publish(Lane.NORMAL, postings);
    }
  }

  @Test
  void unknownHostIsReportedAtOnce() {
    KafkaSettings nowhere = KafkaSettings.of("no-such-host.invalid:9092");
    assertThatThrownBy(() -> new FarmTopics(nowhere).close())
        .isInstanceOf(FarmException.class)
        .hasMessageContaining("no-such-host.invalid:9092")
        .hasMessageContaining("unknown host");
  }
}

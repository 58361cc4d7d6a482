package farm.darkroom.infra.queue;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import farm.darkroom.common.Await;
import farm.darkroom.common.FailureKind;
import farm.darkroom.common.FarmException;
import farm.darkroom.common.kafka.KafkaEventLog;
import farm.darkroom.common.kafka.KafkaJobQueue;
import farm.darkroom.common.kafka.KafkaProgressLog;
import farm.darkroom.common.kafka.KafkaSettings;
import farm.darkroom.common.queue.JobPublisher.Posting;
import farm.darkroom.common.queue.JobQueue;
import farm.darkroom.common.queue.Lane;
import farm.darkroom.common.queue.Lease;
import farm.darkroom.infra.embedded.EmbeddedKafka;
import java.lang.management.ManagementFactory;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicLong;
import java.util.function.BooleanSupplier;
import javax.management.ObjectName;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** A broker that goes and comes back. */
class KafkaOutageTest {
  private static final Duration TEN_SECONDS = Duration.ofSeconds(10);
  @TempDir static Path folder;
  private static EmbeddedKafka kafka;
  private static KafkaSettings settings;

  @BeforeAll
  static void startBroker() {
    kafka = EmbeddedKafka.start(folder);
    settings = KafkaSettings.of(kafka.bootstrap()).withPatience(Duration.ofSeconds(3));
  }

  @AfterAll
  static void stopBroker() {
    kafka.close();
  }

  @Test
  void brokerRestartDuringLeaseIsNoSuccess() {
    KafkaQueueUnderTest queue = KafkaQueueUnderTest.open(settings);
    try (queue;
        JobQueue worker = queue.join()) {
      publish(queue, "a");
      Lease lease = OpenQueue.lease(worker);
      kafka.stop();
      kafka.start();
      boolean accepted = endedWell(lease);
      Optional<Lease> again = leaseAgain(worker);
      assertThat(again.isPresent()).as("the job comes again").isNotEqualTo(accepted);
      again.ifPresent(next -> assertThat(next.accept()).isTrue());
      assertThat(lease.accept()).isFalse();
    }
  }

  @Test
  void outageToLeasing() {
    KafkaQueueUnderTest queue = KafkaQueueUnderTest.open(settings);
    try (queue;
        JobQueue worker = queue.join()) {
      publish(queue, "a");
      assertThat(OpenQueue.drain(worker, 1)).containsExactly("a");
      kafka.stop();
      Silence.isSaidBy(() -> askUntilItThrows(worker));
      kafka.start();
      publish(queue, "b");
      assertThat(leaseAgain(worker).map(Lease::key)).contains("b");
    }
  }

  /** A worker that is told to stop while nobody answers would else wait for all of its patience. */
  @Test
  void stopLeasingDoesNotBlockInOutage() {
    KafkaSettings patient = settings.withPatience(Duration.ofMinutes(5));
    KafkaQueueUnderTest queue = KafkaQueueUnderTest.open(settings);
    try (queue;
        JobQueue worker = new KafkaJobQueue(patient, queue.name())) {
      publish(queue, "a");
      assertThat(OpenQueue.drain(worker, 1)).containsExactly("a");
      kafka.stop();
      try {
        AtomicLong lastCall = new AtomicLong(System.nanoTime());
        AtomicBoolean more = new AtomicBoolean(true);
        CompletableFuture<Void> leasing =
            CompletableFuture.runAsync(() -> leaseWhile(more::get, worker, lastCall));
        Await.until(
            "a call that waits for the broker",
            Duration.ofMinutes(1),
            () -> System.nanoTime() - lastCall.get() > Duration.ofSeconds(3).toNanos());
        more.set(false);
        worker.stopLeasing();
        assertThat(leasing).succeedsWithin(Duration.ofMinutes(1));
      } finally {
        kafka.start();
      }
    }
  }

  @Test
  void renewalDuringAnOutageIsUnknown() {
    KafkaQueueUnderTest queue = KafkaQueueUnderTest.open(settings);
    try (queue;
        JobQueue worker = queue.join()) {
      publish(queue, "a");
      Lease lease = OpenQueue.lease(worker);
      kafka.stop();
      try {
        assertThatThrownBy(lease::renew).isInstanceOf(FarmException.class);
        assertThat(lease.renew()).isFalse();
        assertThat(lease.accept()).isFalse();
      } finally {
        kafka.start();
      }
      assertThat(leaseAgain(worker).map(Lease::key)).contains("a");
    }
  }

  /** Of a log that is asked again and again. */
  @Test
  void failedReaderIsClosed() throws Exception {
    ObjectName consumers = new ObjectName("kafka.consumer:type=app-info,id=*");
    Set<ObjectName> before = ManagementFactory.getPlatformMBeanServer().queryNames(consumers, null);
    try (KafkaEventLog log = new KafkaEventLog(Silence.NOBODY);
        KafkaProgressLog progress = new KafkaProgressLog(Silence.NOBODY)) {
      Silence.isSaidBy(log::latest);
      Silence.isSaidBy(log::follow);
      Silence.isSaidBy(progress::latest);
      assertThat(ManagementFactory.getPlatformMBeanServer().queryNames(consumers, null))
          .isEqualTo(before);
    }
  }

  private static void leaseWhile(BooleanSupplier more, JobQueue worker, AtomicLong lastCall) {
    while (more.getAsBoolean()) {
      lastCall.set(System.nanoTime());
      assertThat(worker.lease(Duration.ofMillis(500))).isEmpty();
    }
  }

  private static void askUntilItThrows(JobQueue worker) {
    Await.until(
        "a failure",
        TEN_SECONDS,
        () -> {
          assertThat(worker.lease(Duration.ofSeconds(1))).isEmpty();
          return false;
        });
  }

  /** What a worker does: an unanswered acknowledge is not success. */
  private static boolean endedWell(Lease lease) {
    try {
      return lease.accept();
    } catch (FarmException e) {
      return false;
    }
  }

  private static Optional<Lease> leaseAgain(JobQueue worker) {
    long deadline = System.nanoTime() + TEN_SECONDS.toNanos();
    while (System.nanoTime() < deadline) {
      try {
        Optional<Lease> lease = worker.lease(Duration.ofSeconds(1));
        if (lease.isPresent()) {
          return lease;
        }
      } catch (FarmException e) {
        assertThat(e.kind()).isEqualTo(FailureKind.QUEUE_UNAVAILABLE);
      }
    }
    return Optional.empty();
  }

  private static void publish(KafkaQueueUnderTest queue, String key) {
    queue.publisher().publish(Lane.NORMAL, List.of(new Posting(key, new byte[] {1})));
  }
}

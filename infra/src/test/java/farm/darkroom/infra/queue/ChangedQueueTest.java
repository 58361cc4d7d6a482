package farm.darkroom.infra.queue;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import farm.darkroom.common.Await;
import farm.darkroom.common.FarmException;
import farm.darkroom.common.kafka.FarmTopics;
import farm.darkroom.common.kafka.KafkaDeadLetters;
import farm.darkroom.common.kafka.KafkaJobQueue;
import farm.darkroom.common.kafka.KafkaSettings;
import farm.darkroom.common.kafka.QueueNames;
import farm.darkroom.common.kafka.TopicPlan;
import farm.darkroom.common.queue.JobQueue;
import farm.darkroom.common.queue.Lane;
import farm.darkroom.common.queue.Lease;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.Future;
import org.apache.kafka.clients.producer.KafkaProducer;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.apache.kafka.clients.producer.RecordMetadata;
import org.apache.kafka.common.errors.RecordTooLargeException;
import org.apache.kafka.common.serialization.ByteArraySerializer;
import org.apache.kafka.common.serialization.StringSerializer;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** What operators do to a queue that workers serve. */
class ChangedQueueTest {
  private static final Duration PATIENCE = Duration.ofSeconds(40);
  private static final TopicPlan PLAN = TopicPlan.DEFAULT.withTracks(1);
  @TempDir static Path folder;
  private static AdministeredBroker broker;
  private static KafkaSettings settings;
  private static int queues;

  private final QueueNames names = new QueueNames("changed-" + ++queues);

  @BeforeAll
  static void startBroker() {
    broker = new AdministeredBroker(folder, Map.of());
    settings = broker.settings();
  }

  @AfterAll
  static void stopBroker() {
    broker.close();
  }

  @BeforeEach
  void open() {
    init(PLAN);
  }

  @Test
  void otherTermsAreTakenUp() {
    try (JobQueue worker = new KafkaJobQueue(settings, names.queue())) {
      assertThat(worker.deliveryLimit()).isEqualTo(5);
      init(PLAN.withDeliveryLimit(3).withLeaseTime(Duration.ofSeconds(20)));
      Await.until("other terms", PATIENCE, () -> worker.deliveryLimit() == 3);
      assertThat(worker.leaseTime()).isEqualTo(Duration.ofSeconds(20));
    }
  }

  @Test
  void nothingIsRejectedWhileThereIsNoPlaceForDeadLetters() throws Exception {
    new RawRecords(settings).publish(names.topic(Lane.NORMAL), "a", "no job");
    try (JobQueue worker = new KafkaJobQueue(settings, names.queue())) {
      Lease lease = lease(worker);
      broker.deleteTopic(names.deadLetters());
      assertThatThrownBy(lease::reject)
          .isInstanceOf(FarmException.class)
          .hasMessageContaining(names.deadLetters() + " is missing");
      assertThat(lease.renew()).isTrue();
      init(PLAN);
      assertThat(lease.reject()).isTrue();
    }
    KafkaDeadLetters letters = new KafkaDeadLetters(settings, names.queue());
    Await.until("the dead letter", PATIENCE, () -> letters.list().size() == 1);
  }

  /** It begins anew: what was published before comes again. */
  @Test
  void aShareGroupThatWasDeletedIsMadeOnceMore() throws Exception {
    assertThat(untouched()).isZero();
    broker.admin().deleteShareGroups(List.of(names.group())).all().get();
    assertThat(untouched()).isEqualTo(3);
    init(PLAN);
    assertThat(untouched()).isZero();
  }

  @Test
  void whatIsDoneDoesNotComeAgainWhenTheQueueIsSetUpOnceMore() {
    RawRecords records = new RawRecords(settings);
    records.publish(names.topic(Lane.NORMAL), "a", "no job");
    records.publish(names.topic(Lane.NORMAL), "b", "no job");
    try (JobQueue worker = new KafkaJobQueue(settings, names.queue())) {
      assertThat(lease(worker).accept()).isTrue();
    }
    init(PLAN.withTracks(2));
    assertThat(untouched()).isZero();
    try (JobQueue worker = new KafkaJobQueue(settings, names.queue())) {
      assertThat(lease(worker).key()).isEqualTo("b");
    }
  }

  private long untouched() {
    try (FarmTopics topics = new FarmTopics(settings)) {
      return topics.unusedTracks(names);
    }
  }

  /** The client takes the mark at its end for a record, and finds none. */
  @Test
  void aTransactionOfAStrangerHoldsUpNoWorker() {
    Map<String, Object> properties =
        Map.of("bootstrap.servers", settings.bootstrap(), "transactional.id", names.queue());
    try (JobQueue worker = new KafkaJobQueue(settings, names.queue());
        KafkaProducer<String, byte[]> stranger =
            new KafkaProducer<>(properties, new StringSerializer(), new ByteArraySerializer())) {
      stranger.initTransactions();
      for (String key : List.of("a", "b")) {
        stranger.beginTransaction();
        Future<RecordMetadata> unused =
            stranger.send(new ProducerRecord<>(names.topic(Lane.NORMAL), key, new byte[] {1}));
        stranger.commitTransaction();
        Lease lease = lease(worker);
        assertThat(lease.key()).isEqualTo(key);
        assertThat(lease.accept()).isTrue();
      }
    }
  }

  /** The broker copies no job whose whole batch unpacks to more than a dead letter may have. */
  @Test
  void aDeadLetterHoldsItsJobHoweverWellThatWasPacked() throws Exception {
    byte[] job = "a".repeat(250_000).getBytes(StandardCharsets.UTF_8);
    try (KafkaProducer<String, byte[]> stranger = packer()) {
      List<Future<RecordMetadata>> answers = new ArrayList<>();
      for (int i = 0; i < 12; i++) {
        answers.add(stranger.send(new ProducerRecord<>(names.topic(Lane.NORMAL), "job-" + i, job)));
      }
      for (Future<RecordMetadata> answer : answers) {
        assertThat(answer.get().hasOffset()).isTrue();
      }
      assertThatThrownBy(
              () ->
                  stranger
                      .send(new ProducerRecord<>(names.topic(Lane.NORMAL), new byte[3_000_000]))
                      .get())
          .hasCauseInstanceOf(RecordTooLargeException.class);
    }
    try (JobQueue worker = new KafkaJobQueue(settings, names.queue())) {
      assertThat(lease(worker).reject()).isTrue();
    }
    KafkaDeadLetters letters = new KafkaDeadLetters(settings, names.queue());
    Await.until("the dead letter", PATIENCE, () -> letters.list().size() == 1);
    assertThat(letters.list().get(0).key()).isEqualTo("job-0");
    assertThat(letters.list().get(0).payload()).isEqualTo(job);
  }

  /** A producer that packs what it sends, into batches as large as they may be. */
  private static KafkaProducer<String, byte[]> packer() {
    return new KafkaProducer<>(
        Map.of(
            "bootstrap.servers", settings.bootstrap(),
            "compression.type", "lz4",
            "linger.ms", "500",
            "batch.size", "900000",
            "max.request.size", "50000000"),
        new StringSerializer(),
        new ByteArraySerializer());
  }

  private void init(TopicPlan plan) {
    try (FarmTopics topics = new FarmTopics(settings)) {
      topics.create(names, plan);
    }
  }

  private static Lease lease(JobQueue worker) {
    long deadline = System.nanoTime() + PATIENCE.toNanos();
    while (System.nanoTime() < deadline) {
      Optional<Lease> lease = worker.lease(Duration.ofSeconds(1));
      if (lease.isPresent()) {
        return lease.get();
      }
    }
    throw new AssertionError("no lease within " + PATIENCE);
  }
}

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
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.Future;
import java.util.concurrent.atomic.AtomicInteger;
import org.apache.kafka.clients.admin.AlterConfigOp;
import org.apache.kafka.clients.admin.ConfigEntry;
import org.apache.kafka.clients.admin.ListShareGroupOffsetsSpec;
import org.apache.kafka.clients.producer.KafkaProducer;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.apache.kafka.clients.producer.RecordMetadata;
import org.apache.kafka.common.config.ConfigResource;
import org.apache.kafka.common.errors.RecordTooLargeException;
import org.apache.kafka.common.serialization.ByteArraySerializer;
import org.apache.kafka.common.serialization.StringSerializer;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.api.parallel.Execution;
import org.junit.jupiter.api.parallel.ExecutionMode;

/** What operators do to a queue that workers serve. Each test waits, on a queue of its own. */
@Execution(ExecutionMode.CONCURRENT)
class ChangedQueueTest {
  private static final Duration PATIENCE = Duration.ofSeconds(40);
  private static final TopicPlan PLAN = TopicPlan.DEFAULT.withTracks(1);
  @TempDir static Path folder;
  private static AdministeredBroker broker;
  private static KafkaSettings settings;
  private static final AtomicInteger QUEUES = new AtomicInteger();

  private final QueueNames names = new QueueNames("changed-" + QUEUES.incrementAndGet());

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
  void rejectWaitsForDeadLetterTopic() throws Exception {
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

  /** It starts over: what was published before comes again. */
  @Test
  void deletedShareGroupIsRecreated() throws Exception {
    assertThat(begun()).isEqualTo(3);
    broker.admin().deleteShareGroups(List.of(names.group())).all().get();
    assertThat(begun()).isZero();
    init(PLAN);
    assertThat(begun()).isEqualTo(3);
  }

  /** It was paused, say: a group that has members cannot be deleted. */
  @Test
  void runningWorkerServesAllTracksOfDeletedGroup() throws Exception {
    init(PLAN.withTracks(2));
    RawRecords records = new RawRecords(settings);
    records.publish(names.topic(Lane.NORMAL), "a", "no job");
    records.publish(names.topic(Lane.NORMAL) + ".2", "b", "no job");
    try (JobQueue worker = new KafkaJobQueue(settings, names.queue())) {
      broker.admin().deleteShareGroups(List.of(names.group())).all().get();
      Set<String> keys = new HashSet<>();
      for (int i = 0; i < 2; i++) {
        Lease lease = lease(worker);
        keys.add(lease.key());
        assertThat(lease.accept()).isTrue();
      }
      assertThat(keys).containsExactlyInAnyOrder("a", "b");
    }
  }

  /** By default a group that has forgotten where it stood begins behind all jobs that wait. */
  @Test
  void lostGroupAndSettingsSkipNoJob() throws Exception {
    new RawRecords(settings).publish(names.topic(Lane.NORMAL), "a", "no job");
    try (JobQueue worker = new KafkaJobQueue(settings, names.queue())) {
      broker.admin().deleteShareGroups(List.of(names.group())).all().get();
      unset("share.auto.offset.reset", "latest");
      assertRefused(worker, "share.auto.offset.reset is 'latest', must be 'earliest'");
      init(PLAN);
      assertThat(leaseAtLast(worker).key()).isEqualTo("a");
    }
  }

  @Test
  void runningWorkerLeasesNothingWithoutDeadLetters() throws Exception {
    RawRecords records = new RawRecords(settings);
    records.publish(names.topic(Lane.NORMAL), "a", "no job");
    String problem = "errors.deadletterqueue.topic.name is ''";
    try (JobQueue worker = new KafkaJobQueue(settings, names.queue());
        FarmTopics topics = new FarmTopics(settings)) {
      Lease held = lease(worker);
      unset("errors.deadletterqueue.topic.name", "");
      Await.until("it is seen", PATIENCE, () -> refusal(worker).contains(problem));
      assertThat(topics.wrong(names, topics.topicNames()))
          .hasValueSatisfying(why -> assertThat(why).contains(problem));
      assertThat(held.accept()).isTrue();
      records.publish(names.topic(Lane.NORMAL), "b", "no job");
      init(PLAN);
      assertThat(topics.wrong(names, topics.topicNames())).isEmpty();
      assertThat(leaseAtLast(worker).key()).isEqualTo("b");
    }
  }

  /** Takes a setting of the share group away, so that the broker's own counts. */
  private void unset(String setting, String brokers) throws Exception {
    ConfigResource group = new ConfigResource(ConfigResource.Type.GROUP, names.group());
    AlterConfigOp op = new AlterConfigOp(new ConfigEntry(setting, ""), AlterConfigOp.OpType.DELETE);
    broker.admin().incrementalAlterConfigs(Map.of(group, List.of(op))).all().get();
    Await.until("the broker's own", PATIENCE, () -> setting(group, setting).equals(brokers));
  }

  private static String setting(ConfigResource of, String name) {
    try {
      ConfigEntry entry = broker.admin().describeConfigs(List.of(of)).all().get().get(of).get(name);
      return entry == null || entry.value() == null ? "" : entry.value();
    } catch (ExecutionException e) {
      throw new AssertionError(e.getCause());
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new AssertionError(e);
    }
  }

  private static void assertRefused(JobQueue worker, String problem) {
    assertThatThrownBy(() -> worker.lease(Duration.ofSeconds(1)))
        .isInstanceOf(FarmException.class)
        .hasMessageContaining(problem)
        .hasMessageContaining("'darkroom init --queue ");
  }

  /** Why it leases nothing; empty when it would. What it leases it hands back. */
  private static String refusal(JobQueue worker) {
    try {
      worker.lease(Duration.ZERO).ifPresent(Lease::release);
      return "";
    } catch (FarmException e) {
      return e.getMessage();
    }
  }

  /** It may take a few seconds until it has seen that all is right again. */
  private static Lease leaseAtLast(JobQueue worker) {
    Await.until("it is seen", PATIENCE, () -> refusal(worker).isEmpty());
    return lease(worker);
  }

  @Test
  void secondInitRedeliversNothing() throws Exception {
    RawRecords records = new RawRecords(settings);
    records.publish(names.topic(Lane.NORMAL), "a", "no job");
    records.publish(names.topic(Lane.NORMAL), "b", "no job");
    try (JobQueue worker = new KafkaJobQueue(settings, names.queue())) {
      assertThat(lease(worker).accept()).isTrue();
    }
    init(PLAN.withTracks(2));
    assertThat(begun()).isEqualTo(6);
    try (JobQueue worker = new KafkaJobQueue(settings, names.queue())) {
      assertThat(lease(worker).key()).isEqualTo("b");
    }
  }

  /** Of how many tracks the group has an offset. */
  private long begun() throws Exception {
    return broker
        .admin()
        .listShareGroupOffsets(Map.of(names.group(), new ListShareGroupOffsetsSpec()))
        .partitionsToOffsetInfo(names.group())
        .get()
        .values()
        .stream()
        .filter(Objects::nonNull)
        .count();
  }

  /** The client takes the mark at its end for a record, and finds none. */
  @Test
  void foreignTransactionBlocksNoWorker() {
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
  void deadLetterOfCompressedJobHoldsPayload() throws Exception {
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

package farm.darkroom.infra.queue;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

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
import farm.darkroom.infra.EmbeddedKafka;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import org.apache.kafka.clients.admin.Admin;
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
  private static EmbeddedKafka kafka;
  private static Admin admin;
  private static KafkaSettings settings;
  private static int queues;

  private final QueueNames names = new QueueNames("changed-" + ++queues);

  @BeforeAll
  static void startBroker() {
    kafka = EmbeddedKafka.start(folder);
    admin = Admin.create(Map.of("bootstrap.servers", kafka.bootstrap()));
    settings = KafkaSettings.of(kafka.bootstrap());
  }

  @AfterAll
  static void stopBroker() {
    admin.close();
    kafka.close();
  }

  @BeforeEach
  void open() {
    init(PLAN);
  }

  @Test
  void aTrackThatIsAddedWhileAWorkerIdlesIsServed() {
    try (JobQueue worker = new KafkaJobQueue(settings, names.queue())) {
      assertThat(worker.lease(Duration.ZERO)).isEmpty();
      init(PLAN.withTracks(2));
      new RawRecords(settings).publish(names.topic(Lane.NORMAL) + ".2", "a", "job a");
      Lease lease = lease(worker);
      assertThat(lease.key()).isEqualTo("a");
      assertThat(lease.deliveryCount()).isEqualTo(1);
      assertThat(lease.accept()).isTrue();
    }
  }

  @Test
  void aShareGroupThatSomebodyDeletedReadsAllTracksAgain() throws Exception {
    init(PLAN.withTracks(2));
    admin.deleteShareGroups(List.of(names.group())).all().get();
    new RawRecords(settings).publish(names.topic(Lane.LOW) + ".2", "a", "job a");
    try (JobQueue worker = new KafkaJobQueue(settings, names.queue())) {
      assertThat(lease(worker).key()).isEqualTo("a");
    }
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
      admin.deleteTopics(List.of(names.deadLetters())).all().get();
      Await.until("the topic is gone", PATIENCE, () -> !topics().contains(names.deadLetters()));
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

  private static Set<String> topics() {
    try {
      return admin.listTopics().names().get();
    } catch (Exception e) {
      throw new AssertionError(e);
    }
  }
}

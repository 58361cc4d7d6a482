package farm.darkroom.infra.queue;

import static org.assertj.core.api.Assertions.assertThat;

import ch.qos.logback.classic.Logger;
import ch.qos.logback.classic.spi.ILoggingEvent;
import ch.qos.logback.core.read.ListAppender;
import farm.darkroom.common.kafka.FarmTopics;
import farm.darkroom.common.kafka.KafkaJobPublisher;
import farm.darkroom.common.kafka.KafkaJobQueue;
import farm.darkroom.common.kafka.KafkaQueueStatus;
import farm.darkroom.common.kafka.KafkaSettings;
import farm.darkroom.common.kafka.QueueNames;
import farm.darkroom.common.kafka.TopicPlan;
import farm.darkroom.common.queue.JobPublisher;
import farm.darkroom.common.queue.JobPublisher.Posting;
import farm.darkroom.common.queue.JobQueue;
import farm.darkroom.common.queue.Lane;
import farm.darkroom.common.queue.Lease;
import farm.darkroom.common.queue.QueueStatus;
import farm.darkroom.infra.embedded.EmbeddedKafka;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Optional;
import java.util.stream.IntStream;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.slf4j.LoggerFactory;

/** Batches on one lane get on side by side, whoever came first and however long it is. */
class FairShareTest {
  private static final TopicPlan PLAN = TopicPlan.DEFAULT;
  @TempDir static Path folder;
  private static EmbeddedKafka kafka;
  private static KafkaSettings settings;
  private static int queues;

  private final QueueNames names = new QueueNames("fair-" + ++queues);
  private final List<JobQueue> joined = new ArrayList<>();

  @BeforeAll
  static void startBroker() {
    kafka = EmbeddedKafka.start(folder);
    settings = KafkaSettings.of(kafka.bootstrap());
  }

  @AfterAll
  static void stopBroker() {
    kafka.close();
  }

  @AfterEach
  void leave() {
    joined.forEach(JobQueue::close);
  }

  @Test
  void smallBatchRunsBesideLongOne() {
    create(PLAN);
    submit("long", 300);
    submit("small", 30);
    List<String> order = OpenQueue.drain(join(), 330);
    assertThat(last(order, "small")).isLessThan(62);
    assertThat(only(order, "long")).isEqualTo(keys("long", 300));
    assertThat(only(order, "small")).isEqualTo(keys("small", 30));
  }

  @Test
  void severalWorkersShareBothBatches() {
    create(PLAN);
    submit("long", 90);
    List<JobQueue> workers = List.of(join(), join(), join());
    List<String> order = rounds(workers, 4);
    submit("small", 15);
    order.addAll(rounds(workers, 31));
    assertThat(last(order, "small")).isLessThan(12 + 36);
    assertThat(new HashSet<>(order)).hasSize(105);
  }

  @Test
  void moreBatchesThanTracksAllProgress() {
    create(PLAN.withTracks(2));
    submit("long", 40);
    submit("b", 4);
    submit("c", 4);
    List<String> order = OpenQueue.drain(join(), 48);
    assertThat(last(order, "c")).as("behind b, beside long").isLessThan(18);
  }

  @Test
  void resubmittedJobsStayOnTheirTrack() {
    create(PLAN);
    submit("night", 12);
    submit("other", 12);
    submit("night", 12);
    List<JobQueue> workers = List.of(join(), join());
    for (int round = 0; round < 18; round++) {
      List<Lease> held = workers.stream().map(OpenQueue::lease).toList();
      assertThat(held).extracting(Lease::key).doesNotHaveDuplicates();
      held.forEach(lease -> assertThat(lease.accept()).isTrue());
    }
  }

  @Test
  void idleWorkerFindsNewBatch() {
    create(PLAN);
    submit("first", 1);
    Lease busy = OpenQueue.lease(join());
    JobQueue idle = join();
    assertThat(idle.lease(Duration.ofMillis(100))).isEmpty();
    submit("second", 1);
    assertThat(idle.lease(OpenQueue.PATIENCE).map(Lease::key)).contains("second-0");
    assertThat(busy.accept()).isTrue();
  }

  @Test
  void highPrecedesAllNormalTracks() {
    create(PLAN);
    submit("a", 5);
    submit("b", 5);
    JobQueue worker = join();
    OpenQueue.drain(worker, 3);
    try (JobPublisher publisher = new KafkaJobPublisher(settings, names.queue())) {
      publisher.publish(Lane.HIGH, List.of(new Posting("urgent", new byte[1])));
    }
    assertThat(OpenQueue.drain(worker, 1)).containsExactly("urgent");
  }

  @Test
  void newTracksAreNamed() {
    create(PLAN.withTracks(1));
    JobQueue worker = join();
    List<String> said =
        said(
            () -> {
              create(PLAN.withTracks(2));
              submit("first", 1);
              submit("second", 1);
              OpenQueue.drain(worker, 2);
            });
    assertThat(said)
        .contains(
            "queue %1$s has darkroom.%1$s.high.2, darkroom.%1$s.normal.2, darkroom.%1$s.low.2 too from now on"
                .formatted(names.queue()));
  }

  /** The broker has no offset of a new track while a worker is connected. */
  @Test
  void addedTracksAreUsedWithoutRestart() {
    create(PLAN.withTracks(1));
    JobQueue worker = join();
    try (JobPublisher submitter = new KafkaJobPublisher(settings, names.queue())) {
      submit(submitter, "first", 1);
      Lease held = OpenQueue.lease(worker);
      create(PLAN.withTracks(2));
      submit(submitter, "second", 2);
      Lease second = OpenQueue.lease(worker);
      assertThat(second.record()).startsWith(names.topic(Lane.NORMAL) + ".2");
      assertThat(second.deliveryCount()).isEqualTo(1);
      assertThat(held.accept()).isTrue();
      assertThat(second.accept()).isTrue();
      assertThat(OpenQueue.drain(worker, 1)).containsExactly("second-1");
      submit(submitter, "long", 20);
      submit(submitter, "small", 3);
    }
    List<String> order = OpenQueue.drain(worker, 23);
    assertThat(last(order, "small")).isLessThan(8);
    assertThat(only(order, "long")).isEqualTo(keys("long", 20));
  }

  @Test
  void addedTracksLogNoWarning() {
    create(PLAN.withTracks(1));
    assertThat(join().lease(Duration.ofMillis(100))).isEmpty();
    assertThat(said(() -> create(PLAN.withTracks(2))))
        .noneMatch(line -> line.contains("share group " + names.group()));
  }

  /** What is logged of queues meanwhile. */
  private static List<String> said(Runnable work) {
    Logger logger = (Logger) LoggerFactory.getLogger(FarmTopics.class.getPackageName());
    ListAppender<ILoggingEvent> said = new ListAppender<>();
    said.start();
    logger.addAppender(said);
    try {
      work.run();
    } finally {
      logger.detachAppender(said);
    }
    return said.list.stream().map(ILoggingEvent::getFormattedMessage).toList();
  }

  @Test
  void laneDepthSumsTracks() {
    create(PLAN);
    submit("a", 5);
    submit("b", 7);
    try (KafkaQueueStatus reader = new KafkaQueueStatus(settings, names.queue())) {
      QueueStatus.LaneStatus normal = reader.read().lanes().get(Lane.NORMAL);
      assertThat(normal.depth()).isEqualTo(12);
      assertThat(normal.oldest()).isPresent();
    }
  }

  private void create(TopicPlan plan) {
    try (FarmTopics topics = new FarmTopics(settings)) {
      topics.create(names, plan);
    }
  }

  private JobQueue join() {
    JobQueue worker = new KafkaJobQueue(settings, names.queue());
    joined.add(worker);
    return worker;
  }

  /** As a submitter of its own does. */
  private void submit(String batch, int jobs) {
    try (JobPublisher publisher = new KafkaJobPublisher(settings, names.queue())) {
      submit(publisher, batch, jobs);
    }
  }

  private static void submit(JobPublisher publisher, String batch, int jobs) {
    publisher.publish(
        Lane.NORMAL,
        Optional.of(batch),
        keys(batch, jobs).stream()
            .map(key -> new Posting(key, key.getBytes(StandardCharsets.UTF_8)))
            .toList());
  }

  /** All lease, then all accept, so many times. */
  private static List<String> rounds(List<JobQueue> workers, int count) {
    List<String> order = new ArrayList<>();
    for (int round = 0; round < count; round++) {
      List<Lease> held = workers.stream().map(OpenQueue::lease).toList();
      held.forEach(lease -> order.add(lease.key()));
      held.forEach(lease -> assertThat(lease.accept()).isTrue());
    }
    return order;
  }

  private static List<String> keys(String batch, int jobs) {
    return IntStream.range(0, jobs).mapToObj(i -> batch + "-" + i).toList();
  }

  private static List<String> only(List<String> order, String batch) {
    return order.stream().filter(key -> key.startsWith(batch + "-")).toList();
  }

  private static int last(List<String> order, String batch) {
    return IntStream.range(0, order.size())
        .filter(i -> order.get(i).startsWith(batch + "-"))
        .max()
        .orElseThrow();
  }
}

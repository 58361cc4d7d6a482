package farm.darkroom.infra.queue;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import ch.qos.logback.classic.Logger;
import ch.qos.logback.classic.spi.ILoggingEvent;
import ch.qos.logback.core.read.ListAppender;
import farm.darkroom.common.Await;
import farm.darkroom.common.FarmException;
import farm.darkroom.common.job.JobEvent;
import farm.darkroom.common.job.JobState;
import farm.darkroom.common.kafka.FarmTopics;
import farm.darkroom.common.kafka.KafkaDeadLetters;
import farm.darkroom.common.kafka.KafkaEventLog;
import farm.darkroom.common.kafka.KafkaJobPublisher;
import farm.darkroom.common.kafka.KafkaProgressLog;
import farm.darkroom.common.kafka.KafkaQueueStatus;
import farm.darkroom.common.kafka.KafkaSettings;
import farm.darkroom.common.kafka.KafkaStopOrders;
import farm.darkroom.common.kafka.QueueNames;
import farm.darkroom.common.kafka.TopicPlan;
import farm.darkroom.common.queue.EventLog;
import farm.darkroom.common.queue.Heartbeat;
import farm.darkroom.common.queue.JobPublisher.Posting;
import farm.darkroom.common.queue.Lane;
import farm.darkroom.common.queue.QueueStatus;
import farm.darkroom.common.queue.StopOrder;
import farm.darkroom.common.queue.StopOrder.Scope;
import farm.darkroom.infra.embedded.EmbeddedKafka;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.BooleanSupplier;
import org.apache.kafka.clients.admin.Admin;
import org.apache.kafka.clients.admin.NewPartitions;
import org.apache.kafka.clients.admin.OffsetSpec;
import org.apache.kafka.common.TopicPartition;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.slf4j.LoggerFactory;

/** The logs of a farm on the broker in the box: events, progress, stop orders, depth. */
class KafkaEventLogTest extends EventLogContract {
  private static final Clock CLOCK = Clock.systemUTC();
  @TempDir static Path folder;
  private static EmbeddedKafka kafka;
  private static KafkaSettings settings;

  @BeforeAll
  static void startBroker() {
    kafka = EmbeddedKafka.start(folder);
    settings = KafkaSettings.of(kafka.bootstrap());
    try (FarmTopics topics = new FarmTopics(settings)) {
      topics.create(new QueueNames("default"), TopicPlan.DEFAULT);
    }
  }

  @AfterAll
  static void stopBroker() {
    kafka.close();
  }

  @Override
  EventLog open() {
    return new KafkaEventLog(settings);
  }

  @Override
  EventLog reopen() {
    return open();
  }

  @Test
  void badEventIsSkipped() {
    new RawRecords(settings).publish(QueueNames.EVENTS, "odd", "not json");
    try (EventLog log = open()) {
      assertThat(log.latest()).doesNotContainKey("odd");
    }
  }

  /** A command's own lines would be lost among hundreds. */
  @Test
  void badRecordsAreLoggedOnce() {
    for (String topic : List.of(QueueNames.EVENTS, QueueNames.PROGRESS, QueueNames.CONTROL)) {
      for (int i = 0; i < 3; i++) {
        new RawRecords(settings).publish(topic, "stray-" + i, "not json");
      }
    }
    Logger logger = (Logger) LoggerFactory.getLogger(KafkaEventLog.class.getPackageName());
    ListAppender<ILoggingEvent> said = new ListAppender<>();
    said.start();
    logger.addAppender(said);
    try (EventLog log = open();
        KafkaProgressLog progress = new KafkaProgressLog(settings);
        KafkaStopOrders orders = new KafkaStopOrders(settings, CLOCK)) {
      assertThat(log.latest()).doesNotContainKey("stray-2");
      assertThat(progress.latest()).doesNotContainKey("stray-2");
      assertThat(orders.receiveProblem()).isEmpty();
    } finally {
      logger.detachAppender(said);
    }
    assertThat(said.list)
        .extracting(ILoggingEvent::getFormattedMessage)
        .filteredOn(line -> line.contains("offset"))
        .satisfiesExactlyInAnyOrder(
            line -> assertThat(line).contains(QueueNames.EVENTS, "not a valid event: not JSON"),
            line ->
                assertThat(line).contains(QueueNames.PROGRESS, "not a valid heartbeat: not JSON"),
            line -> assertThat(line).contains(QueueNames.CONTROL, "not a valid stop order"));
  }

  @Test
  void anEventsTimeIsTheBrokers() {
    Instant wrong = CLOCK.instant().plusSeconds(86_400);
    try (EventLog log = open()) {
      log.publish(List.of(event("ahead").at(wrong)));
      assertThat(log.latest().get("ahead").at())
          .isCloseTo(CLOCK.instant(), within(1, ChronoUnit.MINUTES));
    }
  }

  @Test
  void latestHeartbeatWithinTheHourCounts() throws Exception {
    Instant now = CLOCK.instant();
    Instant old = now.minusSeconds(4000);
    String beat = new String(beat("w2", now, "idle").toJson(), StandardCharsets.UTF_8);
    new RawRecords(settings).publishAt(old, QueueNames.PROGRESS, "w2", beat);
    try (KafkaProgressLog log = new KafkaProgressLog(settings)) {
      log.publish(beat("w1", now.minusSeconds(5), "idle"));
      assertThat(log.latest()).as("the broker's hour").containsKey("w1").doesNotContainKey("w2");
      log.publish(beat("w1", now.plusSeconds(86_400), "rendering"));
      assertThat(log.latest()).doesNotContainKey("w2");
      assertThat(log.latest().get("w1").at()).isCloseTo(now, within(1, ChronoUnit.MINUTES));
      assertThat(log.latest().get("w1").state()).isEqualTo("rendering");
    }
  }

  @Test
  void timeIsTheBrokers() {
    Clock wrong = Clock.offset(CLOCK, Duration.ofHours(-3));
    try (KafkaProgressLog log = new KafkaProgressLog(settings)) {
      log.publish(beat("w3", CLOCK.instant(), "idle"));
      assertThat(log.now(wrong)).isCloseTo(CLOCK.instant(), within(5, ChronoUnit.SECONDS));
      assertThat(log.latest()).containsKey("w3").doesNotContainKey("clock");
    }
  }

  /** The lines of a key would go on in another partition, and no reader knew which is the last. */
  @Test
  void logsKeepToTheirFirstPartition() throws Exception {
    List<String> logs = List.of(QueueNames.EVENTS, QueueNames.CONTROL, QueueNames.PROGRESS);
    try (Admin admin = Admin.create(Map.of("bootstrap.servers", kafka.bootstrap()));
        EventLog events = open();
        KafkaStopOrders orders = new KafkaStopOrders(settings, CLOCK)) {
      Map<String, NewPartitions> more = new HashMap<>();
      logs.forEach(topic -> more.put(topic, NewPartitions.increaseTo(4)));
      admin.createPartitions(more).all().get();
      try (EventLog later = open();
          KafkaStopOrders others = new KafkaStopOrders(settings, CLOCK);
          KafkaProgressLog progress = new KafkaProgressLog(settings)) {
        for (int i = 0; i < 8; i++) {
          later.publish(List.of(event("p" + i)));
          others.stop(new StopOrder(Scope.JOB, "p" + i));
          progress.publish(beat("p" + i, CLOCK.instant(), "idle"));
        }
        eventually(() -> orders.standing().containsAll(others.standing()));
        others.standing().forEach(others::resume);
      }
      assertThat(events.latest()).containsKeys("p0", "p7");
      Map<TopicPartition, OffsetSpec> asked = new HashMap<>();
      logs.forEach(
          topic -> {
            for (int partition = 1; partition < 4; partition++) {
              asked.put(new TopicPartition(topic, partition), OffsetSpec.latest());
            }
          });
      assertThat(admin.listOffsets(asked).all().get().values())
          .allSatisfy(end -> assertThat(end.offset()).isZero());
    }
  }

  @Test
  void stopOrderStandsUntilResumed() {
    try (KafkaStopOrders operator = new KafkaStopOrders(settings, CLOCK);
        KafkaStopOrders worker = new KafkaStopOrders(settings, CLOCK)) {
      StopOrder batch = new StopOrder(Scope.BATCH, "night/3");
      operator.stop(batch);
      operator.stop(new StopOrder(Scope.JOB, "J1"));
      operator.stop(new StopOrder(Scope.QUEUE, "default"));
      operator.stop(new StopOrder(Scope.WORKER, "w1"));
      eventually(() -> worker.standing().size() == 4);
      assertThat(worker.isCancelled("J2", Optional.of("night/3"))).isTrue();
      assertThat(worker.isCancelled("J1", Optional.empty())).isTrue();
      assertThat(worker.isCancelled("J2", Optional.of("day"))).isFalse();
      assertThat(worker.isPaused("default")).isTrue();
      assertThat(worker.isDraining("w1")).isTrue();
      operator.resume(batch);
      eventually(() -> !worker.standing().contains(batch));
      try (KafkaStopOrders later = new KafkaStopOrders(settings, CLOCK)) {
        assertThat(later.standing()).hasSize(3).doesNotContain(batch);
      }
    }
  }

  @Test
  void drainOrderEndsWithItsWorker() {
    try (KafkaStopOrders operator = new KafkaStopOrders(settings, CLOCK)) {
      operator.stop(new StopOrder(Scope.WORKER, "box"));
      operator.stop(new StopOrder(Scope.WORKER, "other"));
      try (KafkaStopOrders next = new KafkaStopOrders(settings, CLOCK)) {
        next.arrive("box");
        assertThat(next.isDraining("box")).isFalse();
        eventually(() -> !operator.isDraining("box"));
        operator.stop(new StopOrder(Scope.WORKER, "box"));
        eventually(() -> next.isDraining("box"));
        assertThat(next.isDraining("other")).isTrue();
      }
      operator.standing().forEach(operator::resume);
    }
  }

  @Test
  void statusCountsWhatIsNotDone() {
    Instant before = CLOCK.instant().minusSeconds(1);
    KafkaQueueUnderTest queue = KafkaQueueUnderTest.open(settings);
    try (queue;
        KafkaQueueStatus status = new KafkaQueueStatus(settings, queue.name());
        KafkaJobPublisher publisher = new KafkaJobPublisher(settings, queue.name())) {
      assertThat(status.read().depth()).isZero();
      publisher.publish(Lane.NORMAL, List.of(posting("a"), posting("b"), posting("c")));
      publisher.publish(Lane.LOW, List.of(posting("d")));
      try (var worker = queue.join()) {
        OpenQueue.lease(worker).accept();
        OpenQueue.lease(worker).reject();
        eventually(() -> status.read().deadLetters() == 1);
        QueueStatus found = status.read();
        assertThat(found.depth()).isEqualTo(2);
        assertThat(found.lanes().get(Lane.NORMAL).depth()).isEqualTo(1);
        assertThat(found.lanes().get(Lane.NORMAL).oldest().orElseThrow()).isAfter(before);
        assertThat(found.lanes().get(Lane.HIGH).oldest()).isEmpty();
        assertThat(found.members()).isPositive();
      }
    }
  }

  @Test
  void aMissingTopicIsSaid() {
    assertThatThrownBy(() -> new KafkaDeadLetters(settings, "nowhere").purge())
        .isInstanceOf(FarmException.class)
        .hasMessageContaining("'darkroom init' creates it");
  }

  private static void eventually(BooleanSupplier condition) {
    Await.until("it is so", Duration.ofSeconds(15), condition);
  }

  private static JobEvent event(String job) {
    return new JobEvent(
        job,
        JobState.STARTED,
        CLOCK.instant(),
        Optional.empty(),
        Optional.of("w1"),
        1,
        Optional.empty(),
        Optional.empty());
  }

  private static Posting posting(String key) {
    return new Posting(key, new byte[] {'{', '}'});
  }

  private static Heartbeat beat(String worker, Instant at, String state) {
    return new Heartbeat(
        worker,
        at,
        state,
        "cpu",
        List.of("demo"),
        Optional.empty(),
        1,
        Optional.empty(),
        Optional.empty(),
        Optional.empty());
  }
}

package farm.darkroom.infra;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import farm.darkroom.common.Await;
import farm.darkroom.common.json.Json;
import farm.darkroom.common.kafka.KafkaProgressLog;
import farm.darkroom.common.kafka.KafkaStopOrders;
import farm.darkroom.common.kafka.QueueNames;
import farm.darkroom.common.queue.Heartbeat;
import farm.darkroom.common.queue.ProgressLog;
import farm.darkroom.common.queue.StopOrder;
import farm.darkroom.common.queue.StopOrder.Scope;
import farm.darkroom.infra.exporter.QueuePages;
import farm.darkroom.infra.queue.RawRecords;
import farm.darkroom.submitter.command.QueueReader;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.stream.Stream;
import org.apache.kafka.clients.admin.Admin;
import org.apache.kafka.clients.admin.AlterConfigOp;
import org.apache.kafka.clients.admin.ConfigEntry;
import org.apache.kafka.common.config.ConfigResource;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** What an operator sees of queues and workers, and how he steers them. */
class OperatorCommandsTest {
  @TempDir static Path folder;
  private static TypedFarm farm;

  @BeforeAll
  static void up() throws Exception {
    farm = new TypedFarm(folder, "ops");
    assertThat(run("init", "--tracks", "2").code()).isZero();
    assertThat(run("init", "--queue", "posters", "--tracks", "1").code()).isZero();
    assertThat(run("submit", "--prompt", "a cube", "--count", "3", "--priority", "low").code())
        .isZero();
    Instant now = Instant.now();
    Heartbeat dead = beat("dead", now, "rendering", "default", Optional.empty());
    new RawRecords(farm.kafka())
        .publishAt(
            now.minusSeconds(60),
            QueueNames.PROGRESS,
            "dead",
            new String(dead.toJson(), StandardCharsets.UTF_8));
    assertThat(run("init", "--tracks", "2").code()).as("the broker's clock again").isZero();
  }

  /** On a busy machine ten seconds may pass between one test and the next. */
  @BeforeEach
  void hearThoseThatAreThere() {
    Instant now = Instant.now();
    try (ProgressLog progress = new KafkaProgressLog(farm.kafka())) {
      progress.publish(beat("busy", now, "rendering", "default", Optional.empty()));
      progress.publish(beat("idle", now, "idle", "default", Optional.empty()));
      progress.publish(beat("sick", now, "probing", "default", Optional.of("device gone")));
      progress.publish(beat("left", now, "stopped", "default", Optional.empty()));
      progress.publish(beat("other", now, "idle", "posters", Optional.empty()));
    }
  }

  @AfterAll
  static void down() {
    farm.close();
  }

  @Test
  void queuesSayHowFullTheyAreAndWhoServesThem() {
    JsonNode line = queue("default");
    assertThat(line.get("depth").asInt()).isEqualTo(3);
    assertThat(line.at("/lanes/low").asInt()).isEqualTo(3);
    assertThat(line.at("/lanes/high").asInt()).isZero();
    assertThat(line.get("in_flight").asInt()).as("the busy one holds three").isEqualTo(3);
    assertThat(Instant.parse(line.get("oldest").textValue())).isBefore(Instant.now());
    assertThat(line.get("dead_letters").asInt()).isZero();
    assertThat(line.get("workers").asInt()).isEqualTo(3);
    assertThat(line.get("sick_workers").asInt()).isEqualTo(1);
    assertThat(line.get("paused").asBoolean()).isFalse();
    assertThat(queue("posters").get("workers").asInt()).isEqualTo(1);
    assertThat(run("queues").lines())
        .anyMatch(
            text ->
                text.startsWith("default  3 jobs (high 0, normal 0, low 3), 3 in flight, oldest ")
                    && text.endsWith("0 dead letters, 3 workers (1 takes no jobs)"));
  }

  @Test
  void queuesSayWhatIsSetWronglyUntilInitSetsItRight() throws Exception {
    String[] init = {"init", "--queue", "askew", "--tracks", "1"};
    assertThat(run(init).code()).isZero();
    assertThat(queue("askew").has("wrong")).isFalse();
    ConfigEntry wrong = new ConfigEntry("share.auto.offset.reset", "latest");
    try (Admin admin = Admin.create(Map.of("bootstrap.servers", farm.kafka().bootstrap()))) {
      admin
          .incrementalAlterConfigs(
              Map.of(
                  new ConfigResource(ConfigResource.Type.GROUP, "darkroom.askew"),
                  List.of(new AlterConfigOp(wrong, AlterConfigOp.OpType.SET))))
          .all()
          .get();
    }
    Await.until("it is set", Duration.ofSeconds(20), () -> queue("askew").has("wrong"));
    assertThat(run("queues").lines())
        .anyMatch(
            text ->
                text.startsWith("askew  0 jobs")
                    && text.endsWith(
                        "0 workers; queue 'askew' is not set up: share group darkroom.askew:"
                            + " share.auto.offset.reset is 'latest', must be 'earliest';"
                            + " 'darkroom init --queue askew' sets it up"));
    assertThat(run(init).code()).isZero();
    assertThat(queue("askew").has("wrong")).isFalse();
  }

  @Test
  void initSaysWhatAQueueKeepsOfItsOwn() {
    String[] queue = {"--queue", "arranged"};
    String[] same = {"--tracks", "2", "--partitions", "1", "--replication", "1"};
    assertThat(init(queue, same).lines()).hasSize(2);
    assertThat(init(queue, same).lines()).hasSize(2);
    assertThat(init(queue, "--tracks", "1", "--partitions", "4", "--replication", "2").lines())
        .contains(
            "queue arranged: keeps its 2 tracks; --tracks adds some, and takes none away",
            "queue arranged: topics that already existed keep their number of partitions, 1;"
                + " --partitions is for new ones",
            "queue arranged: topics that already existed keep their number of copies, 1;"
                + " --replication is for new ones");
    assertThat(init(queue, "--tracks", "3", "--partitions", "4").out())
        .contains("created 3 more tracks", "keep their number of partitions, 1;");
    assertThat(init(queue, "--tracks", "3", "--partitions", "4").out())
        .contains("keep their number of partitions, 1, 4;");
  }

  private static Typed init(String[] queue, String... typed) {
    return run(
        Stream.of(new String[] {"init"}, queue, typed).flatMap(Stream::of).toArray(String[]::new));
  }

  @Test
  void theExporterCountsWhatTheQueuesHold() {
    try (QueueReader reader = new QueueReader(farm.farm(), Clock.systemUTC())) {
      QueuePages pages = new QueuePages(reader);
      assertThat(pages.page("/metrics").text().lines())
          .contains(
              "darkroom_queue_depth{lane=\"low\",queue=\"default\"} 3.0",
              "darkroom_queue_depth{lane=\"high\",queue=\"posters\"} 0.0",
              "darkroom_queue_workers{queue=\"default\"} 3.0",
              "darkroom_queue_sick_workers{queue=\"default\"} 1.0",
              "darkroom_queue_dead_letters{queue=\"default\"} 0.0",
              "darkroom_queue_paused{queue=\"default\"} 0.0")
          .anyMatch(line -> line.startsWith("darkroom_queue_in_flight{queue=\"default\"}"))
          .anyMatch(line -> line.startsWith("darkroom_queue_oldest_seconds{lane=\"low\""));
      run("queues", "pause", "default");
      assertThat(pages.page("/metrics").text())
          .contains("darkroom_queue_paused{queue=\"default\"} 1.0");
      run("queues", "resume", "default");
      JsonNode queue = Json.parse(pages.page("/queues/default").text());
      assertThat(queue.get("depth").asInt()).isEqualTo(3);
      assertThat(pages.page("/queues/nowhere").status()).isEqualTo(404);
    }
  }

  @Test
  void aQueueIsPausedUntilItIsResumed() {
    assertThat(run("queues", "pause", "posters").out()).contains("queue posters is paused");
    assertThat(queue("posters").get("paused").asBoolean()).isTrue();
    assertThat(queue("default").get("paused").asBoolean()).isFalse();
    assertThat(run("queues").lines())
        .anyMatch(text -> text.startsWith("posters ") && text.endsWith(", paused"));
    assertThat(run("queues", "resume", "posters").out()).contains("queue posters goes on");
    assertThat(queue("posters").get("paused").asBoolean()).isFalse();
    assertThat(run("queues", "pause", "nowhere").err())
        .hasLineCount(1)
        .contains("no queue 'nowhere'; there is: ", "default, posters");
  }

  @Test
  void workersAreListedWithThoseThatAreSickOrGone() {
    List<String> lines = run("workers").lines();
    assertThat(lines).hasSize(5);
    assertThat(lines).anyMatch(line -> line.startsWith("busy  rendering step 3/30 of j1"));
    assertThat(lines)
        .anyMatch(line -> line.startsWith("sick  probing") && line.endsWith("device gone"));
    assertThat(lines).anyMatch(line -> line.matches("dead  gone, last heard \\d+ s ago.*"));
    assertThat(lines).noneMatch(line -> line.startsWith("left"));
    JsonNode dead =
        run("workers", "--json").lines().stream()
            .map(Json::parse)
            .filter(line -> line.get("worker").textValue().equals("dead"))
            .findFirst()
            .orElseThrow();
    assertThat(dead.get("gone").asBoolean()).isTrue();
    assertThat(dead.get("queue").textValue()).isEqualTo("default");
    assertThat(run("status").out()).contains("workers 5:", "dead  gone, last heard");
  }

  @Test
  void aWorkerIsDrainedUntilThatIsTakenBack() {
    assertThat(run("worker", "drain", "idle").out()).contains("worker idle takes no more jobs");
    assertThat(isDraining("idle")).isTrue();
    assertThat(run("worker", "drain", "idle", "--undo").out()).contains("takes jobs again");
    assertThat(isDraining("idle")).isFalse();
    assertThat(run("worker", "drain", "nobody").err()).hasLineCount(1).contains("'nobody'");
    assertThat(run("worker", "drain", "nobody", "--undo").err()).contains("'nobody'");
  }

  /** It may be back on a host that stood still, and would leave then. */
  @Test
  void anOrderIsTakenBackFromAWorkerThatWasNotHeardForLong() {
    try (KafkaStopOrders orders = new KafkaStopOrders(farm.kafka(), Clock.systemUTC())) {
      orders.stop(new StopOrder(Scope.WORKER, "lost"));
    }
    assertThat(run("worker", "drain", "lost", "--undo").out())
        .isEqualToIgnoringNewLines("worker lost is not running; if it comes back, it takes jobs");
    assertThat(isDraining("lost")).isFalse();
  }

  @Test
  void aWorkerThatIsGoneIsDrainedShouldItComeBack() {
    assertThat(run("worker", "drain", "dead").out())
        .matches(
            "worker dead is gone, last heard from \\d+ s ago; if it comes back, it takes no more jobs\\R");
    assertThat(isDraining("dead")).isTrue();
    assertThat(run("worker", "drain", "dead", "--undo").out())
        .matches("worker dead is gone, .* it takes jobs again\\R");
    assertThat(isDraining("dead")).isFalse();
    assertThat(run("worker", "drain", "left").out())
        .isEqualToIgnoringNewLines("worker left has left already");
    assertThat(isDraining("left")).isFalse();
  }

  @Test
  void anAuditOnTheWrongQueueSaysThatTheBatchIsNotThere() {
    assertThat(run("init", "--queue", "bare", "--tracks", "1").code()).isZero();
    run("submit", "--prompt", "a cone", "--batch", "elsewhere", "--queue", "posters");
    Typed answer = run("audit", "elsewhere", "--queue", "bare");
    assertThat(answer.code()).isEqualTo(1);
    assertThat(answer.err())
        .hasLineCount(1)
        .contains("never published on queue 'bare': 1 job of these; name theirs with --queue");
  }

  private static boolean isDraining(String worker) {
    try (KafkaStopOrders orders = new KafkaStopOrders(farm.kafka(), Clock.systemUTC())) {
      return orders.standing().contains(new StopOrder(Scope.WORKER, worker));
    }
  }

  private static JsonNode queue(String name) {
    return run("queues", "--json").lines().stream()
        .map(Json::parse)
        .filter(line -> line.get("queue").textValue().equals(name))
        .findFirst()
        .orElseThrow();
  }

  private static Heartbeat beat(
      String worker, Instant at, String state, String queue, Optional<String> trouble) {
    Optional<Heartbeat.Render> render =
        state.equals("rendering")
            ? Optional.of(new Heartbeat.Render("j1", Optional.empty(), 3, 30, 2, "resident"))
            : Optional.empty();
    return new Heartbeat(
        worker,
        at,
        state,
        "cpu",
        List.of(),
        render,
        1 << 20,
        trouble,
        Optional.of(queue),
        render.map(busy -> 3));
  }

  private static Typed run(String... typed) {
    return farm.type(typed);
  }
}

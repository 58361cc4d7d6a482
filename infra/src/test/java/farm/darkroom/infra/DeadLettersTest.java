package farm.darkroom.infra;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import farm.darkroom.common.FailureKind;
import farm.darkroom.common.job.JobEvent;
import farm.darkroom.common.job.JobId;
import farm.darkroom.common.job.JobState;
import farm.darkroom.common.job.QueuedJob;
import farm.darkroom.common.job.RenderJob;
import farm.darkroom.common.json.Json;
import farm.darkroom.common.kafka.KafkaEventLog;
import farm.darkroom.common.queue.EventLog;
import farm.darkroom.common.store.S3ResultStore;
import farm.darkroom.common.store.StoreKeys;
import farm.darkroom.submitter.submit.SubmitterEvents;
import java.io.IOException;
import java.nio.file.Path;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.Future;
import org.apache.kafka.clients.producer.KafkaProducer;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.apache.kafka.clients.producer.RecordMetadata;
import org.apache.kafka.common.serialization.ByteArraySerializer;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** The dead letter commands on what really lies there: garbage, and thousands of letters. */
class DeadLettersTest {
  @TempDir static Path folder;
  private static TypedFarm farm;
  private static int queues;

  private final String queue = "dead-" + ++queues;

  @BeforeAll
  static void up() throws IOException {
    farm = new TypedFarm(folder, "dead");
  }

  @AfterAll
  static void down() {
    farm.close();
  }

  @Test
  void garbageIsListedShownAndNotRedriven() throws Exception {
    init();
    byte[] hostileKey = "\u001b[2J\n\u0000".getBytes(UTF_8);
    bury(null, new byte[] {(byte) 0xff, 0});
    bury(hostileKey, "no job".getBytes(UTF_8));
    bury("key".getBytes(UTF_8), null);
    bury("large".getBytes(UTF_8), new byte[900_000]);
    byte[] job = job(1);
    bury("foreign".getBytes(UTF_8), job);
    Typed text = dead("list");
    assertThat(text.lines()).hasSize(5);
    assertThat(text.out().replace("\n", "").chars()).noneMatch(Character::isISOControl);
    List<JsonNode> listed = dead("list", "--json").lines().stream().map(Json::parse).toList();
    assertThat(listed).hasSize(5).allMatch(line -> line.has("id") && line.has("reason"));
    for (JsonNode line : listed) {
      Typed shown = dead("show", line.get("id").textValue());
      assertThat(shown.code()).as(shown.err()).isZero();
      assertThat(Json.parse(shown.out()).has("record")).isEqualTo(line.equals(listed.get(4)));
    }
    Typed redriven = dead("redrive", "--all");
    assertThat(redriven.lines()).containsExactly(QueuedJob.fromJson(job).id().text());
    assertThat(redriven.err()).contains("is no job, and stays dead").contains("1 job redriven");
    assertThat(redriven.code()).isZero();
    assertThat(dead("list").lines()).hasSize(4);
    assertThat(dead("purge").out()).startsWith("5 dead letters deleted");
    assertThat(dead("list").lines()).isEmpty();
  }

  @Test
  void thousandsAreRedrivenByTheirReason() throws Exception {
    init();
    int letters = 3000;
    List<JobEvent> events = new ArrayList<>();
    List<Future<RecordMetadata>> answers = new ArrayList<>();
    try (KafkaProducer<byte[], byte[]> producer = producer();
        EventLog log = new KafkaEventLog(farm.kafka())) {
      for (int seed = 0; seed < letters; seed++) {
        byte[] job = job(seed);
        String id = QueuedJob.fromJson(job).id().text();
        FailureKind kind = seed % 3 == 0 ? FailureKind.RENDER_FAILED : FailureKind.WORKER_UNFIT;
        events.add(deadEvent(id, kind));
        answers.add(producer.send(new ProducerRecord<>(topic(), id.getBytes(UTF_8), job)));
      }
      for (Future<RecordMetadata> answer : answers) {
        answer.get();
      }
      log.publish(events);
    }
    assertThat(dead("list", "--json").lines()).hasSize(letters);
    assertThat(dead("redrive", "--reason", "RENDER_FAILED").lines()).hasSize(letters / 3);
    assertThat(dead("list").lines()).hasSize(letters - letters / 3);
    assertThat(Json.parse(queue("--json")).at("/lanes/normal").asInt()).isEqualTo(letters / 3);
  }

  @Test
  void aDeadJobWhoseResultIsStoredIsMarked() throws Exception {
    init();
    JobId done = QueuedJob.fromJson(job(7_001)).id();
    JobId lost = QueuedJob.fromJson(job(7_002)).id();
    bury(done.text().getBytes(UTF_8), job(7_001));
    bury(lost.text().getBytes(UTF_8), job(7_002));
    try (S3ResultStore store = farm.farm().store()) {
      store.putIfAbsent(StoreKeys.record(done.text()), new byte[] {'{', '}'}, "application/json");
    }
    assertThat(dead("list").lines())
        .satisfiesExactly(
            line -> assertThat(line).startsWith(done.text()).contains("(stored all the same)"),
            line -> assertThat(line).startsWith(lost.text()).doesNotContain("stored"));
    assertThat(dead("list", "--json").lines().stream().map(Json::parse))
        .extracting(line -> line.get("stored").booleanValue())
        .containsExactly(true, false);
    Typed without = dead("list", "--s3-endpoint", "http://127.0.0.1:1");
    assertThat(without.lines()).hasSize(2);
    assertThat(without.err()).hasLineCount(1).contains("could not look for results");
    assertThat(without.code()).isZero();
  }

  /**
   * Its workers died before they said a word: it seems to wait, and to cancel it must not lose it.
   */
  @Test
  void aDeadJobIsNotCancelledForOneThatWaits() throws Exception {
    init();
    String id = QueuedJob.fromJson(job(8_001)).id().text();
    try (EventLog log = new KafkaEventLog(farm.kafka())) {
      log.publish(List.of(SubmitterEvents.queued(id, Optional.empty(), Instant.now())));
    }
    bury(id.getBytes(UTF_8), job(8_001));
    assertThat(dead("list").lines()).singleElement().asString().startsWith(id);
    assertThat(farm.type("cancel", id, "--queue", queue).out())
        .contains("cancelled: it is dead, and is not to be redriven");
    Typed redrive = farm.type("dead", "redrive", id, "--queue", queue);
    assertThat(redrive.code()).isEqualTo(1);
    assertThat(redrive.err()).contains(id + " stays dead: job " + id + " is cancelled", "0 jobs");
    assertThat(farm.type("resume", id, "--queue", queue).out()).contains("resumed");
    assertThat(dead("list").lines()).singleElement().asString().startsWith(id);
  }

  @Test
  void aDeadJobThatIsNotThereIsNamed() {
    init();
    assertThat(dead("show", "nobody").err()).contains("found 'nobody', which is no dead job");
    assertThat(dead("redrive", "nobody").code()).isEqualTo(2);
  }

  private void init() {
    assertThat(farm.type("init", "--queue", queue, "--tracks", "2").code()).isZero();
  }

  private Typed dead(String... typed) {
    List<String> arguments = new ArrayList<>(List.of("dead"));
    arguments.addAll(List.of(typed));
    arguments.addAll(List.of("--queue", queue));
    return farm.type(arguments.toArray(String[]::new));
  }

  /** The line of {@code queues} that is about this queue. */
  private String queue(String flag) {
    return farm.type("queues", flag).lines().stream()
        .filter(line -> line.contains('"' + queue + '"'))
        .findFirst()
        .orElseThrow();
  }

  private String topic() {
    return "dlq.darkroom." + queue;
  }

  /** As the broker buries what it gave up. */
  private void bury(byte[] key, byte[] value) throws Exception {
    try (KafkaProducer<byte[], byte[]> producer = producer()) {
      ProducerRecord<byte[], byte[]> record = new ProducerRecord<>(topic(), key, value);
      record.headers().add("__dlq.errors.topic", null).add("__dlq.errors.delivery.count", null);
      producer.send(record).get();
    }
  }

  private static KafkaProducer<byte[], byte[]> producer() {
    return new KafkaProducer<>(
        Map.of("bootstrap.servers", farm.kafka().bootstrap()),
        new ByteArraySerializer(),
        new ByteArraySerializer());
  }

  private static byte[] job(long seed) {
    String json = "{\"model\":\"demo\",\"prompt\":\"a cube\",\"seed\":" + seed + "}";
    RenderJob job = RenderJob.fromJson(json.getBytes(UTF_8));
    return new QueuedJob(job, Optional.of("night"), Instant.parse("2026-01-31T12:00:00Z")).toJson();
  }

  private static JobEvent deadEvent(String id, FailureKind kind) {
    return new JobEvent(
        id,
        JobState.DEAD,
        Instant.parse("2026-01-31T12:00:00Z"),
        Optional.of("night"),
        Optional.of("w"),
        5,
        Optional.of(kind),
        Optional.of("no such luck"));
  }
}

package farm.darkroom.infra.dashboard;

import static java.nio.charset.StandardCharsets.UTF_8;

import farm.darkroom.common.FailureKind;
import farm.darkroom.common.Sha256;
import farm.darkroom.common.job.JobEvent;
import farm.darkroom.common.job.JobId;
import farm.darkroom.common.job.JobState;
import farm.darkroom.common.job.RenderConditions;
import farm.darkroom.common.job.RenderJob;
import farm.darkroom.common.job.RenderRecord;
import farm.darkroom.common.job.RenderTimings;
import farm.darkroom.common.job.StoredImage;
import farm.darkroom.common.queue.EventLog;
import farm.darkroom.common.queue.Heartbeat;
import farm.darkroom.common.queue.ProgressLog;
import farm.darkroom.common.store.ResultStore;
import farm.darkroom.common.store.StoreKeys;
import farm.darkroom.infra.box.FarmBox;
import farm.darkroom.submitter.farm.Farm;
import java.nio.file.Path;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import org.apache.kafka.clients.producer.KafkaProducer;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.apache.kafka.common.serialization.StringSerializer;

/** A farm on which all has happened that a dashboard shows. */
final class EventfulFarm implements AutoCloseable {
  static final byte[] PICTURE = {1, 2, 3};
  static final byte[] PREVIEW = {4, 5};
  private static final String CUT_OFF = "7yyyyyyyyyyyyyyyyyyyyyyyyy";
  private static final Instant NOON = Instant.parse("2026-01-31T12:00:00Z");
  private final FarmBox box;
  private final String stored;

  EventfulFarm(Path folder) throws Exception {
    box = FarmBox.start(folder, 0, 0);
    bury("orphan");
    bury("redriven");
    try (EventLog events = farm().events();
        ResultStore store = farm().store()) {
      stored = store(store);
      store.put(StoreKeys.preview("j1"), PREVIEW, "image/png");
      store.put(StoreKeys.preview("left-over"), PREVIEW, "image/png");
      store.putIfAbsent(StoreKeys.record(CUT_OFF), "{\"id\":".getBytes(UTF_8), "application/json");
      events.publish(
          List.of(
              event("redriven", JobState.DEAD, "was dead"),
              event(stored, JobState.STORED, ""),
              event(CUT_OFF, JobState.STORED, ""),
              event("7zzzzzzzzzzzzzzzzzzzzzzzzz", JobState.STORED, ""),
              event("poison", JobState.DEAD, "$.prompt: found <script>alert(1)</script>"),
              begun("orphan"),
              event("redriven", JobState.QUEUED, "")));
    }
  }

  Farm farm() {
    return box.farm();
  }

  /** The id of the one job whose picture is there. */
  String stored() {
    return stored;
  }

  /** A worker says what it does: one that is not heard is gone after a few seconds. */
  void beat() {
    try (ProgressLog progress = farm().progress()) {
      progress.publish(heartbeat());
    }
  }

  /** Stores a finished job, and returns its id. */
  private static String store(ResultStore store) {
    RenderJob job =
        RenderJob.fromJson(
            "{\"model\":\"demo\",\"prompt\":\"a cube <3, red\",\"seed\":7}".getBytes(UTF_8));
    JobId id = JobId.of(job);
    String key = StoreKeys.output(id.text(), 0, "png");
    RenderConditions conditions =
        new RenderConditions("w", "cpu", "float32", "resident", 1, 1, new TreeMap<>(), List.of());
    RenderTimings timings = new RenderTimings(NOON, NOON.plusSeconds(2), 30, 0.1, new TreeMap<>());
    StoredImage image = new StoredImage(key, Sha256.hex(PICTURE), PICTURE.length, 7);
    RenderRecord record = new RenderRecord(id, job, conditions, timings, List.of(image), List.of());
    store.putIfAbsent(key, PICTURE, "image/png");
    store.putIfAbsent(StoreKeys.record(id.text()), record.toJson(), "application/json");
    return id.text();
  }

  /** As the broker buries a job at its last delivery, a second ago. */
  private void bury(String key) throws Exception {
    Map<String, Object> settings = Map.of("bootstrap.servers", farm().kafka().bootstrap());
    try (KafkaProducer<String, String> producer =
        new KafkaProducer<>(settings, new StringSerializer(), new StringSerializer())) {
      long then = System.currentTimeMillis() - 1000;
      ProducerRecord<String, String> letter =
          new ProducerRecord<>("dlq.darkroom.default", null, then, key, "a record");
      letter.headers().add("__dlq.errors.delivery.count", "5".getBytes(UTF_8));
      producer.send(letter).get();
    }
  }

  /** The last word of a worker that died. */
  private static JobEvent begun(String id) {
    return new JobEvent(
        id,
        JobState.STARTED,
        NOON,
        Optional.of("night"),
        Optional.of("w9"),
        5,
        Optional.empty(),
        Optional.empty());
  }

  private static JobEvent event(String id, JobState state, String reason) {
    Optional<String> why = Optional.of(reason).filter(words -> !words.isEmpty());
    Optional<FailureKind> kind = why.map(words -> FailureKind.INVALID_JOB);
    return new JobEvent(id, state, NOON, Optional.empty(), Optional.of("w1"), 1, kind, why);
  }

  private static Heartbeat heartbeat() {
    return new Heartbeat(
        "w1",
        NOON,
        "rendering",
        "cpu",
        List.of("demo"),
        Optional.of(new Heartbeat.Render("j1", Optional.of("night"), 3, 30, 2, "resident")),
        1 << 20,
        Optional.empty(),
        Optional.of("default"),
        Optional.of(1));
  }

  @Override
  public void close() {
    box.close();
  }
}

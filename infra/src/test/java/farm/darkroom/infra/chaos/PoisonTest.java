package farm.darkroom.infra.chaos;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import farm.darkroom.common.FailureKind;
import farm.darkroom.common.job.JobId;
import farm.darkroom.common.job.RenderJob;
import farm.darkroom.common.kafka.QueueNames;
import farm.darkroom.common.queue.Lane;
import farm.darkroom.common.queue.RecordName;
import farm.darkroom.submitter.audit.AuditReport;
import farm.darkroom.submitter.audit.JobOutcome;
import farm.darkroom.submitter.watch.DeadJob;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.SplittableRandom;
import java.util.function.Function;
import java.util.stream.Collectors;
import org.apache.kafka.clients.producer.KafkaProducer;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.apache.kafka.common.serialization.ByteArraySerializer;
import org.apache.kafka.common.serialization.StringSerializer;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** Records that are no jobs, and jobs that never come out, among good ones. */
@Tag("chaos")
@Timeout(300)
class PoisonTest {
  private static final Duration PATIENCE = Duration.ofMinutes(2);
  private static final QueueNames NAMES = new QueueNames(ChaosFarm.QUEUE);
  private static final String TOPIC = NAMES.topic(Lane.NORMAL);
  @TempDir private Path folder;

  /** What its dead letter must say. */
  private record Reason(FailureKind kind, String text) {}

  @Test
  void goodJobsAreDoneAmongPoisonedOnes() {
    try (ChaosFarm farm = new ChaosFarm(folder, ChaosFarm.PLAN.withDeliveryLimit(3))) {
      Map<String, Reason> poison = new LinkedHashMap<>();
      List<String> ids = farm.submit("night", SmallJobs.of(0, 45, 4));
      poison.putAll(garbage(farm));
      List<RenderJob> never =
          List.of(
              SmallJobs.one(SeededRenderer.NEVER, 1, 4),
              SmallJobs.one(SeededRenderer.NEVER, 2, 4),
              SmallJobs.one(SeededRenderer.NEVER, 3, 4));
      farm.submit("night", never);
      never.forEach(
          job ->
              poison.put(
                  JobId.of(job).text(), new Reason(FailureKind.RENDER_FAILED, "NaN latents")));
      farm.submit("night", SmallJobs.of(45, 45, 4));
      farm.worker("w1", "--step-millis", "5");
      farm.worker("w2", "--step-millis", "5");
      farm.awaitEnd(ids, PATIENCE);
      farm.awaitEnd(poison.keySet(), PATIENCE);
      AuditReport report = farm.audited();
      assertThat(report.of(JobOutcome.STORED)).isEqualTo(90);
      assertThat(report.of(JobOutcome.DEAD)).isEqualTo(poison.size()).isEqualTo(13);
      assertReasons(farm, poison);
    }
  }

  private static void assertReasons(ChaosFarm farm, Map<String, Reason> poison) {
    Map<String, DeadJob> dead =
        farm.board().read().dead().stream()
            .collect(Collectors.toMap(DeadJob::id, Function.identity()));
    poison.forEach(
        (name, reason) -> {
          assertThat(dead).containsKey(name);
          assertThat(dead.get(name).kind()).as(name).contains(reason.kind());
          assertThat(dead.get(name).reason()).as(name).contains(reason.text());
        });
  }

  /**
   * Ten records that nobody can render.
   *
   * @return their names, and why they die
   */
  private static Map<String, Reason> garbage(ChaosFarm farm) {
    byte[] noise = new byte[500_000];
    new SplittableRandom(6).nextBytes(noise);
    String job = "{\"model\":\"demo\",\"prompt\":\"a cone\",\"seed\":1%s}";
    String envelope = "{\"job\":%s,\"submitted_at\":\"2026-01-31T12:00:00Z\"}";
    Map<String, Reason> poison = new LinkedHashMap<>();
    try (KafkaProducer<String, byte[]> producer =
        new KafkaProducer<>(
            Map.of("bootstrap.servers", farm.farm.kafka().bootstrap()),
            new StringSerializer(),
            new ByteArraySerializer())) {
      Garbage out = new Garbage(producer, poison);
      out.send("noise", noise, "found 500000 bytes");
      out.send(null, Arrays.copyOf(noise, 200), "no UTF-8 text");
      out.send("an odd key\n!", "not json".getBytes(UTF_8), "not JSON");
      out.send("tombstone", (byte[]) null, "nothing there");
      out.send("a-list", "[1, 2]".getBytes(UTF_8), "$");
      out.send(
          "unseeded", envelope.formatted(job.formatted("").replace(",\"seed\":1", "")), "seed");
      out.send("unknown-field", envelope.formatted(job.formatted(",\"stepz\":4")), "$.job.stepz");
      out.on(NAMES.topic(Lane.HIGH), "noise-high", Arrays.copyOf(noise, 300));
      out.on(NAMES.topic(Lane.LOW), "noise-low", Arrays.copyOf(noise, 400));
      out.on(TOPIC + ".2", "noise-track", Arrays.copyOf(noise, 500));
      producer.flush();
    }
    return poison;
  }

  private record Garbage(KafkaProducer<String, byte[]> producer, Map<String, Reason> poison) {
    void send(String key, String text, String reason) {
      send(key, text.getBytes(UTF_8), reason);
    }

    void send(String key, byte[] value, String reason) {
      send(TOPIC, key, value, reason);
    }

    /** Noise on another topic. */
    void on(String topic, String key, byte[] noise) {
      send(topic, key, noise, "no UTF-8 text");
    }

    private void send(String topic, String key, byte[] value, String reason) {
      var unused = producer.send(new ProducerRecord<>(topic, key, value));
      String name = RecordName.of(key, value == null ? new byte[0] : value);
      poison.put(name, new Reason(FailureKind.INVALID_JOB, reason));
    }
  }
}

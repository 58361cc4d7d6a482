package farm.darkroom.infra.dashboard;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

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
import farm.darkroom.common.kafka.KafkaSettings;
import farm.darkroom.common.queue.EventLog;
import farm.darkroom.common.queue.Heartbeat;
import farm.darkroom.common.queue.ProgressLog;
import farm.darkroom.common.store.ResultStore;
import farm.darkroom.common.store.S3Credentials;
import farm.darkroom.common.store.S3Settings;
import farm.darkroom.common.store.StoreKeys;
import farm.darkroom.infra.box.FarmBox;
import farm.darkroom.submitter.farm.Farm;
import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandlers;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import java.util.concurrent.locks.LockSupport;
import org.apache.kafka.clients.producer.KafkaProducer;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.apache.kafka.common.serialization.StringSerializer;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** What the dashboard shows of a real farm. */
class DashboardTest {
  private static final byte[] PICTURE = {1, 2, 3};
  private static final byte[] PREVIEW = {4, 5};
  private static final String CUT_OFF = "7yyyyyyyyyyyyyyyyyyyyyyyyy";
  private static final Instant NOON = Instant.parse("2026-01-31T12:00:00Z");

  @TempDir static Path folder;
  private static FarmBox box;
  private static String stored;

  @BeforeAll
  static void up() throws Exception {
    box = FarmBox.start(folder, 0, 0);
    bury("orphan");
    bury("redriven");
    try (EventLog events = box.farm().events();
        ResultStore store = box.farm().store()) {
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

  /** One that is not heard is gone after a few seconds. */
  @BeforeEach
  void beats() {
    try (ProgressLog progress = box.farm().progress()) {
      progress.publish(beat());
    }
  }

  @AfterAll
  static void down() {
    box.close();
  }

  @Test
  void theFarmIsOnOnePage() throws IOException, InterruptedException {
    try (Dashboard dashboard = open(box.farm())) {
      HttpResponse<byte[]> answer = showing(dashboard, "/", "src=\"jobs/");
      assertThat(answer.headers().firstValue("Content-Type")).contains("text/html; charset=utf-8");
      assertThat(answer.headers().firstValue("Content-Security-Policy").orElseThrow())
          .startsWith("default-src 'none'");
      assertThat(new String(answer.body(), UTF_8))
          .startsWith("<!DOCTYPE html>")
          .contains("<td>default</td><td>0</td><td>0</td><td>0</td><td>1</td><td>-</td>")
          .contains("<progress value=\"3\" max=\"30\"></progress> 3/30, 2.00 it/s, resident")
          .contains("a cube &lt;3, red")
          .contains("$.prompt: found &lt;script&gt;alert(1)&lt;/script&gt;")
          .doesNotContain("<script>alert")
          .contains("w9 began attempt 5 and never said what became of it")
          .doesNotContain("redriven");
    }
  }

  @Test
  void picturesAreThoseOfTheStoreAndNothingElseIsServed() throws IOException, InterruptedException {
    try (Dashboard dashboard = open(box.farm())) {
      String page = new String(showing(dashboard, "/now", "src=\"jobs/").body(), UTF_8);
      assertThat(page).containsOnlyOnce("src=\"jobs/").contains("\"jobs/" + stored + "/0.png?");
      HttpResponse<byte[]> picture = get(dashboard, "/jobs/" + stored + "/0.png?hash");
      assertThat(picture.body()).isEqualTo(PICTURE);
      assertThat(picture.headers().firstValue("Content-Type")).contains("image/png");
      assertThat(picture.headers().firstValue("Cache-Control").orElseThrow()).contains("immutable");
      assertThat(get(dashboard, "/jobs/" + stored + "/0.png").headers().firstValue("Cache-Control"))
          .contains("no-store");
      for (String path :
          List.of(
              "/jobs/" + stored + "/1.png",
              "/jobs/" + stored + "/record.json",
              "/previews/j2.png",
              "/previews/../inputs/0.png",
              "/inputs/secret",
              "/jobs/../inputs/0.png",
              "/jobs/%2e%2e/0.png",
              "/nowhere")) {
        assertThat(get(dashboard, path).statusCode()).as(path).isEqualTo(404);
      }
    }
  }

  @Test
  void whatAWorkerRendersIsShownAndNotKept() throws IOException, InterruptedException {
    try (Dashboard dashboard = open(box.farm())) {
      String page = new String(showing(dashboard, "/now", "src=\"previews/").body(), UTF_8);
      assertThat(page)
          .containsOnlyOnce("src=\"previews/")
          .contains("<td><img src=\"previews/j1.png?3-2\" alt=\"preview\"></td>");
      HttpResponse<byte[]> preview = get(dashboard, "/previews/j1.png?3-2");
      assertThat(preview.body()).isEqualTo(PREVIEW);
      assertThat(preview.headers().firstValue("Content-Type")).contains("image/png");
      assertThat(preview.headers().firstValue("Cache-Control")).contains("no-store");
    }
  }

  @Test
  void aPageOfAnotherNameIsNotShownOnTheLoopbackAddress() throws IOException {
    try (Dashboard dashboard = open(box.farm())) {
      for (String host : List.of("localhost", "127.0.0.1:" + dashboard.port(), "[::1]:80")) {
        assertThat(statusFor(dashboard, host)).as(host).isEqualTo("HTTP/1.1 200 OK");
      }
      for (String host : List.of("darkroom.example:80", "127.0.0.1.example")) {
        assertThat(statusFor(dashboard, host)).as(host).startsWith("HTTP/1.1 403");
      }
    }
  }

  /** By a socket, since HttpClient writes this header itself. */
  private static String statusFor(Dashboard dashboard, String host) throws IOException {
    try (Socket socket = new Socket(InetAddress.getLoopbackAddress(), dashboard.port())) {
      String request = "GET /healthz HTTP/1.1\r\nHost: %s\r\nConnection: close\r\n\r\n";
      socket.getOutputStream().write(request.formatted(host).getBytes(UTF_8));
      return new BufferedReader(new InputStreamReader(socket.getInputStream(), UTF_8)).readLine();
    }
  }

  @Test
  void aBrokerThatIsAwayIsSaidInOneLine() throws IOException, InterruptedException {
    KafkaSettings nobody = KafkaSettings.of("127.0.0.1:1").withPatience(Duration.ofSeconds(1));
    try (Dashboard dashboard = open(new Farm(nobody, box.farm().s3(), "default"))) {
      HttpResponse<byte[]> answer = get(dashboard, "/now");
      assertThat(answer.statusCode()).isEqualTo(200);
      assertThat(new String(answer.body(), UTF_8))
          .hasLineCount(1)
          .contains("<section id=\"notice\"><p class=\"wrong\">")
          .contains("127.0.0.1:1");
    }
  }

  @Test
  void aStoreThatHangsIsSaidAndTheRestIsLive() throws IOException, InterruptedException {
    try (ServerSocket silent = new ServerSocket(0, 50, InetAddress.getLoopbackAddress())) {
      URI endpoint = URI.create("http://127.0.0.1:" + silent.getLocalPort());
      S3Settings hanging =
          S3Settings.at(endpoint, "darkroom", new S3Credentials("key", "secret", Optional.empty()))
              .withTimeout(Duration.ofMinutes(10));
      try (Dashboard dashboard = open(new Farm(box.farm().kafka(), hanging, "default"))) {
        String hangs = "<p class=\"wrong\">the store does not answer";
        HttpResponse<byte[]> unused = showing(dashboard, "/now", hangs);
        beats();
        HttpResponse<byte[]> answer = showing(dashboard, "/now", "3/30, 2.00 it/s");
        assertThat(new String(answer.body(), UTF_8))
            .contains(hangs, "<td>default</td>", "$.prompt: found");
        assertThat(get(dashboard, "/previews/j1.png").statusCode()).isEqualTo(503);
      }
    }
  }

  /** What the store holds is read beside the page, which does not wait for long. */
  private static HttpResponse<byte[]> showing(Dashboard dashboard, String path, String words)
      throws IOException, InterruptedException {
    long deadline = System.nanoTime() + Duration.ofSeconds(60).toNanos();
    HttpResponse<byte[]> answer = get(dashboard, path);
    while (!new String(answer.body(), UTF_8).contains(words)) {
      assertThat(System.nanoTime()).as(words).isLessThan(deadline);
      LockSupport.parkNanos(50_000_000);
      answer = get(dashboard, path);
    }
    return answer;
  }

  private static Dashboard open(Farm farm) {
    return Dashboard.open(farm, new InetSocketAddress(InetAddress.getLoopbackAddress(), 0));
  }

  private static HttpResponse<byte[]> get(Dashboard dashboard, String path)
      throws IOException, InterruptedException {
    URI address = URI.create("http://127.0.0.1:" + dashboard.port() + path);
    return HttpClient.newHttpClient()
        .send(HttpRequest.newBuilder(address).build(), BodyHandlers.ofByteArray());
  }

  /** A finished job. @return its id */
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
  private static void bury(String key) throws Exception {
    Map<String, Object> settings = Map.of("bootstrap.servers", box.farm().kafka().bootstrap());
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

  private static Heartbeat beat() {
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
}

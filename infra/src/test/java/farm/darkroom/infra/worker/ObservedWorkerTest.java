package farm.darkroom.infra.worker;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import farm.darkroom.common.store.StoreKeys;
import farm.darkroom.infra.exporter.QueuePages;
import farm.darkroom.submitter.command.QueueReader;
import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandlers;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.Clock;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** What a worker that did a few jobs shows: its metrics, its health, its log; and what it hides. */
@Timeout(300)
class ObservedWorkerTest {
  private static final ObjectMapper JSON = new ObjectMapper();

  /** As users have it: the tests' own configuration would come first. */
  private static final Map<String, String> LOGGING =
      Map.of(
          "DARKROOM_LOG", "json", "JAVA_TOOL_OPTIONS", "-Dlogback.configurationFile=logback.xml");

  private static final Pattern PORT = Pattern.compile("health and metrics on port (\\d+)");
  private static final Pattern FAMILY = Pattern.compile("# TYPE (\\S+) (\\S+)");

  @TempDir private static Path folder;
  private static LoopbackFarm box;
  private static SpawnedWorker worker;
  private static List<String> ids;

  @BeforeAll
  static void work() {
    box = new LoopbackFarm(folder);
    worker = box.worker("observed", folder, List.of("--health-port", "0"), LOGGING);
    box.publish("garbage", "no job".getBytes(StandardCharsets.UTF_8));
    ids = new ArrayList<>();
    for (int seed = 0; seed < 3; seed++) {
      ids.add(box.submit(LoopbackFarm.job("demo", seed, 2)));
    }
    LoopbackFarm.await("the jobs are stored", () -> settled() == 3 || !worker.isAlive());
    assertThat(settled()).as(worker.output()).isEqualTo(3);
  }

  private static long settled() {
    return worker.output().lines().filter(line -> line.contains("\"stored\"")).count();
  }

  @AfterAll
  static void close() {
    worker.close();
    box.close();
  }

  @Test
  void metricsSayWhatBecameOfTheJobsAndWhatItTook() throws Exception {
    assertThat(get("/metrics").body())
        .contains(
            "darkroom_jobs_total{outcome=\"stored\"} 3.0",
            "darkroom_jobs_total{outcome=\"dead\"} 1.0",
            "darkroom_jobs_total{outcome=\"cancelled\"} 0.0",
            "darkroom_failures_total{kind=\"invalid_job\"} 1.0",
            "darkroom_render_seconds_count{model=\"demo\",residency=\"resident\"} 3",
            "darkroom_render_seconds_bucket{model=\"demo\",residency=\"resident\",le=\"60.0\"} 3",
            "darkroom_step_seconds_count{model=\"demo\",size=\"64x64\"} 6",
            "darkroom_queue_wait_seconds_count 3",
            "darkroom_lease_renewals_total ",
            "darkroom_lease_losses_total 0.0",
            "darkroom_upload_seconds_count 6",
            "darkroom_upload_bytes_total ",
            "darkroom_memory_resident_bytes ",
            "darkroom_residency{residency=\"resident\"} 1.0",
            "darkroom_residency{residency=\"sequential\"} 0.0",
            "darkroom_worker_ready 1.0");
  }

  @Test
  void whatJobsShareIsMadeOnce() throws Exception {
    String body = get("/metrics").body();
    for (String cache : List.of("text", "model")) {
      double hits = value(body, "darkroom_cache_hits_total{cache=\"" + cache + "\"}");
      double misses = value(body, "darkroom_cache_misses_total{cache=\"" + cache + "\"}");
      assertThat(misses).as(cache).isPositive();
      assertThat(hits).as(cache).isGreaterThanOrEqualTo(2);
    }
  }

  @Test
  void metricsAreNamedAsPrometheusAsks() throws Exception {
    String body = get("/metrics").body();
    Matcher family = FAMILY.matcher(body);
    Set<String> seen = new HashSet<>();
    while (family.find()) {
      String name = family.group(1);
      if (name.startsWith("darkroom_")) {
        seen.add(name);
        assertThat(name).matches("darkroom(_[a-z]+)+");
        assertThat(name.endsWith("_total")).as(name).isEqualTo(family.group(2).equals("counter"));
        assertThat(body).contains("# HELP " + name + " ");
      }
    }
    assertThat(seen).hasSizeGreaterThan(12);
  }

  @Test
  void theDashboardShowsMetricsThatThereAre() throws Exception {
    String body = get("/metrics").body();
    try (QueueReader queues = new QueueReader(box.farm, Clock.systemUTC())) {
      body += new QueuePages(queues).page("/metrics").text();
    }
    JsonNode dashboard = JSON.readTree(Path.of("deploy/grafana/darkroom.json").toFile());
    Set<String> shown = new HashSet<>();
    for (JsonNode expression : dashboard.findValues("expr")) {
      Matcher name = Pattern.compile("darkroom_[a-z_]+").matcher(expression.asText());
      while (name.find()) {
        shown.add(name.group());
      }
    }
    assertThat(shown).hasSizeGreaterThan(12);
    Set<String> served = new HashSet<>();
    body.lines().forEach(line -> served.add(line.split("[{ ]", 2)[0]));
    assertThat(served).containsAll(shown);
  }

  @Test
  void aWorkerWithoutTroubleIsHealthyAndReady() throws Exception {
    assertThat(get("/healthz").statusCode()).isEqualTo(200);
    assertThat(get("/readyz").statusCode()).isEqualTo(200);
  }

  @Test
  void everyLineAboutAHeldJobCarriesItAndItsBatch() throws Exception {
    int lines = 0;
    for (String line : worker.output().lines().filter(text -> text.startsWith("{")).toList()) {
      JsonNode entry = JSON.readTree(line);
      String said = entry.path("formattedMessage").asText();
      if (said.startsWith("rendered with") || said.equals("stored")) {
        assertThat(ids).contains(entry.path("mdc").path("job").asText());
        assertThat(entry.path("mdc").path("batch").asText()).isEqualTo("night");
        lines++;
      }
    }
    assertThat(lines).isEqualTo(6);
  }

  @Test
  void noCredentialIsInALogARecordAPictureOrTheMetrics() throws Exception {
    List<String> secrets = List.of(box.credentials().accessKey(), box.credentials().secretKey());
    List<byte[]> shown = new ArrayList<>();
    shown.add(worker.output().getBytes(StandardCharsets.UTF_8));
    shown.add(get("/metrics").body().getBytes(StandardCharsets.UTF_8));
    for (String id : ids) {
      shown.add(stored(StoreKeys.record(id)));
      shown.add(stored(StoreKeys.output(id, 0, "png")));
      shown.add(box.lastEvent(id).orElseThrow().toJson());
    }
    for (byte[] bytes : shown) {
      assertThat(new String(bytes, StandardCharsets.ISO_8859_1)).doesNotContain(secrets);
    }
  }

  private static byte[] stored(String key) {
    Optional<byte[]> found = box.store.get(key, 1 << 24);
    return found.orElseThrow();
  }

  private static double value(String body, String series) {
    return body.lines()
        .filter(line -> line.startsWith(series + " "))
        .mapToDouble(line -> Double.parseDouble(line.substring(series.length() + 1)))
        .sum();
  }

  private static HttpResponse<String> get(String path) throws IOException, InterruptedException {
    Matcher port = PORT.matcher(worker.output());
    assertThat(port.find()).as(worker.output()).isTrue();
    URI uri = URI.create("http://127.0.0.1:" + port.group(1) + path);
    return HttpClient.newHttpClient()
        .send(HttpRequest.newBuilder(uri).build(), BodyHandlers.ofString());
  }
}

package farm.darkroom.infra.dashboard;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import farm.darkroom.common.SetBackClock;
import farm.darkroom.common.kafka.KafkaSettings;
import farm.darkroom.common.store.S3Credentials;
import farm.darkroom.common.store.S3Settings;
import farm.darkroom.submitter.farm.Farm;
import java.io.IOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.URI;
import java.net.http.HttpResponse;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.atomic.AtomicLong;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** What the dashboard shows of a real farm. */
class DashboardTest {
  @TempDir static Path folder;
  private static EventfulFarm eventful;

  @BeforeAll
  static void up() throws Exception {
    eventful = new EventfulFarm(folder);
  }

  @BeforeEach
  void beat() {
    eventful.beat();
  }

  @AfterAll
  static void down() {
    eventful.close();
  }

  @Test
  void theFarmIsOnOnePage() throws IOException, InterruptedException {
    try (Browser browser = new Browser(eventful.farm())) {
      HttpResponse<byte[]> answer = browser.showing("/", "src=\"jobs/");
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
    try (Browser browser = new Browser(eventful.farm())) {
      String page = new String(browser.showing("/now", "src=\"jobs/").body(), UTF_8);
      assertThat(page)
          .containsOnlyOnce("src=\"jobs/")
          .contains("\"jobs/" + eventful.stored() + "/0.png?");
      HttpResponse<byte[]> picture = browser.get("/jobs/" + eventful.stored() + "/0.png?hash");
      assertThat(picture.body()).isEqualTo(EventfulFarm.PICTURE);
      assertThat(picture.headers().firstValue("Content-Type")).contains("image/png");
      assertThat(picture.headers().firstValue("Cache-Control").orElseThrow()).contains("immutable");
      assertThat(
              browser
                  .get("/jobs/" + eventful.stored() + "/0.png")
                  .headers()
                  .firstValue("Cache-Control"))
          .contains("no-store");
      for (String path :
          List.of(
              "/jobs/" + eventful.stored() + "/1.png",
              "/jobs/" + eventful.stored() + "/record.json",
              "/previews/j2.png",
              "/previews/../inputs/0.png",
              "/inputs/secret",
              "/jobs/../inputs/0.png",
              "/jobs/%2e%2e/0.png",
              "/nowhere")) {
        assertThat(browser.get(path).statusCode()).as(path).isEqualTo(404);
      }
    }
  }

  @Test
  void whatAWorkerRendersIsShownAndNotKept() throws IOException, InterruptedException {
    try (Browser browser = new Browser(eventful.farm())) {
      String page = new String(browser.showing("/now", "src=\"previews/").body(), UTF_8);
      assertThat(page)
          .containsOnlyOnce("src=\"previews/")
          .contains("<td><img src=\"previews/j1.png?3-2\" alt=\"preview\"></td>");
      HttpResponse<byte[]> preview = browser.get("/previews/j1.png?3-2");
      assertThat(preview.body()).isEqualTo(EventfulFarm.PREVIEW);
      assertThat(preview.headers().firstValue("Content-Type")).contains("image/png");
      assertThat(preview.headers().firstValue("Cache-Control")).contains("no-store");
    }
  }

  @Test
  void aPageOfAnotherNameIsNotShownOnTheLoopbackAddress() throws IOException {
    try (Browser browser = new Browser(eventful.farm())) {
      for (String host : List.of("localhost", "127.0.0.1:" + browser.port(), "[::1]:80")) {
        assertThat(browser.statusFor(host)).as(host).isEqualTo("HTTP/1.1 200 OK");
      }
      for (String host : List.of("darkroom.example:80", "127.0.0.1.example")) {
        assertThat(browser.statusFor(host)).as(host).startsWith("HTTP/1.1 403");
      }
    }
  }

  @Test
  void brokerOutageIsReportedInOneLine() throws IOException, InterruptedException {
    KafkaSettings nobody = KafkaSettings.of("127.0.0.1:1").withPatience(Duration.ofSeconds(1));
    try (Browser browser = new Browser(new Farm(nobody, eventful.farm().s3(), "default"))) {
      HttpResponse<byte[]> answer = browser.get("/now");
      assertThat(answer.statusCode()).isEqualTo(200);
      assertThat(new String(answer.body(), UTF_8))
          .hasLineCount(1)
          .contains("<section id=\"notice\"><p class=\"wrong\">")
          .contains("127.0.0.1:1");
    }
  }

  @Test
  void aClockThatIsSetBackFreezesNoPage() {
    SetBackClock clock = new SetBackClock(Instant.now());
    AtomicLong nanos = new AtomicLong();
    try (FarmMonitor watch = new FarmMonitor(eventful.farm(), clock, nanos::get)) {
      FarmView before = watch.view();
      assertThat(watch.view()).isSameAs(before);
      nanos.addAndGet(Duration.ofMinutes(1).toNanos());
      assertThat(watch.view()).isNotSameAs(before);
    }
  }

  @Test
  void hangingStoreIsReportedWhileTheRestIsLive() throws IOException, InterruptedException {
    try (ServerSocket silent = new ServerSocket(0, 50, InetAddress.getLoopbackAddress())) {
      URI endpoint = URI.create("http://127.0.0.1:" + silent.getLocalPort());
      S3Settings hanging =
          S3Settings.at(endpoint, "darkroom", new S3Credentials("key", "secret", Optional.empty()))
              .withTimeout(Duration.ofMinutes(10));
      try (Browser browser = new Browser(new Farm(eventful.farm().kafka(), hanging, "default"))) {
        String hangs = "<p class=\"wrong\">the store does not answer";
        HttpResponse<byte[]> unused = browser.showing("/now", hangs);
        eventful.beat();
        HttpResponse<byte[]> answer = browser.showing("/now", "3/30, 2.00 it/s");
        assertThat(new String(answer.body(), UTF_8))
            .contains(hangs, "<td>default</td>", "$.prompt: found");
        assertThat(browser.get("/previews/j1.png").statusCode()).isEqualTo(503);
      }
    }
  }
}

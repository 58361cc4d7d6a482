package farm.darkroom.worker.stage;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import farm.darkroom.common.FarmException;
import farm.darkroom.worker.health.HealthServer;
import farm.darkroom.worker.health.ManualTime;
import farm.darkroom.worker.health.Metrics;
import farm.darkroom.worker.health.WorkerStatus;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandlers;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

class HealthServerTest {
  private static final InetSocketAddress FREE =
      new InetSocketAddress(InetAddress.getLoopbackAddress(), 0);
  private final WorkerStatus status = new WorkerStatus(new ManualTime(), Optional::empty);
  private final HealthServer server = new HealthServer(FREE, status, new Metrics(status));

  @AfterEach
  void close() {
    server.close();
  }

  @Test
  void readyWhileJobsMayCome() throws Exception {
    status.enter(new Idle());
    assertThat(get("/readyz").statusCode()).isEqualTo(200);
    assertThat(get("/readyz").body()).isEqualTo("idle\n");
  }

  @Test
  void sickWorkerIsAliveAndNotReady() throws Exception {
    status.sick("device gone");
    assertThat(get("/healthz").statusCode()).isEqualTo(200);
    assertThat(get("/readyz").statusCode()).isEqualTo(503);
    assertThat(get("/readyz").body()).isEqualTo("device gone\n");
  }

  @Test
  void pausedWorkerIsNotReady() throws Exception {
    for (Stage stage : List.of(new Probing(), new Paused(), new Resting(Duration.ofMinutes(5)))) {
      status.enter(stage);
      assertThat(get("/readyz").statusCode()).as(stage.label()).isEqualTo(503);
      assertThat(get("/readyz").body()).isEqualTo(stage.label() + "\n");
      assertThat(status.now().offers()).as("what is offered stays offered").isTrue();
    }
  }

  @Test
  void workerInOutageIsNotReady() throws Exception {
    status.enter(new Idle());
    status.unanswered("no broker");
    assertThat(get("/readyz").body()).isEqualTo("no broker\n");
    status.answered();
    assertThat(get("/readyz").statusCode()).isEqualTo(200);
  }

  @Test
  void endedWorkerIsNotAlive() throws Exception {
    status.enter(new Stopped(Optional.empty()));
    assertThat(get("/healthz").statusCode()).isEqualTo(503);
  }

  @Test
  void metricsAreInPrometheusText() throws Exception {
    HttpResponse<String> answer = get("/metrics");
    assertThat(answer.headers().firstValue("Content-Type").orElseThrow())
        .startsWith("text/plain; version=0.0.4");
    assertThat(answer.body()).contains("# TYPE darkroom_memory_resident_bytes gauge");
  }

  @Test
  void otherPathsAreNotFound() throws Exception {
    assertThat(get("/x").statusCode()).isEqualTo(404);
  }

  @Test
  void portThatIsTakenIsNamed() {
    InetSocketAddress taken = new InetSocketAddress(FREE.getAddress(), server.port());
    assertThatThrownBy(() -> new HealthServer(taken, status, new Metrics(status)))
        .isInstanceOf(FarmException.class)
        .hasMessageContaining(String.valueOf(server.port()))
        .hasMessageContaining("--health-port takes another port");
  }

  private HttpResponse<String> get(String path) throws Exception {
    URI uri = URI.create("http://127.0.0.1:" + server.port() + path);
    return HttpClient.newHttpClient()
        .send(HttpRequest.newBuilder(uri).build(), BodyHandlers.ofString());
  }
}

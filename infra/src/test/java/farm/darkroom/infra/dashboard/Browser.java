package farm.darkroom.infra.dashboard;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import farm.darkroom.submitter.farm.Farm;
import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.Socket;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandlers;
import java.time.Duration;
import java.util.concurrent.locks.LockSupport;

/** Somebody who looks at a farm's dashboard, which is there for him alone. */
final class Browser implements AutoCloseable {
  private final Dashboard dashboard;

  Browser(Farm farm) {
    dashboard = Dashboard.open(farm, new InetSocketAddress(InetAddress.getLoopbackAddress(), 0));
  }

  int port() {
    return dashboard.port();
  }

  HttpResponse<byte[]> get(String path) throws IOException, InterruptedException {
    URI address = URI.create("http://127.0.0.1:" + dashboard.port() + path);
    return HttpClient.newHttpClient()
        .send(HttpRequest.newBuilder(address).build(), BodyHandlers.ofByteArray());
  }

  /**
   * Looks until the page shows these words: what the store holds is read beside the page, which
   * does not wait for long.
   */
  HttpResponse<byte[]> showing(String path, String words) throws IOException, InterruptedException {
    long deadline = System.nanoTime() + Duration.ofSeconds(60).toNanos();
    HttpResponse<byte[]> answer = get(path);
    while (!new String(answer.body(), UTF_8).contains(words)) {
      assertThat(System.nanoTime()).as(words).isLessThan(deadline);
      LockSupport.parkNanos(50_000_000);
      answer = get(path);
    }
    return answer;
  }

  /** The first line for a page of that host, by a socket: HttpClient writes this header itself. */
  String statusFor(String host) throws IOException {
    try (Socket socket = new Socket(InetAddress.getLoopbackAddress(), dashboard.port())) {
      String request = "GET /healthz HTTP/1.1\r\nHost: %s\r\nConnection: close\r\n\r\n";
      socket.getOutputStream().write(request.formatted(host).getBytes(UTF_8));
      return new BufferedReader(new InputStreamReader(socket.getInputStream(), UTF_8)).readLine();
    }
  }

  @Override
  public void close() {
    dashboard.close();
  }
}

package farm.darkroom.infra;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import farm.darkroom.common.page.Page;
import farm.darkroom.common.page.PageServer;
import farm.darkroom.infra.jvm.QuickJava;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.Socket;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Collectors;
import org.junit.jupiter.api.Test;

/** Pages over HTTP, to clients that are no browsers. In a JVM whose first server it is. */
class PageServerTest {
  private static final int MORE_THAN_ITS_THREADS = 20;

  /** A probe that gets no answer kills the worker. */
  @Test
  void unfinishedRequestsDoNotBlockOtherClients() throws Exception {
    assertThat(saidBy(Besieged.class)).isEqualTo("well");
  }

  @Test
  void headIsAnsweredWithoutABody() throws Exception {
    assertThat(saidBy(Headed.class)).isEqualTo("200, 0 bytes");
  }

  @Test
  void unsafeMethodsAreRefused() throws Exception {
    try (PageServer server = new PageServer(anywhere(), path -> Page.line("well"))) {
      for (String method : List.of("POST", "DELETE", "PUT")) {
        HttpResponse<String> answer = ask(server, method);
        assertThat(answer.statusCode()).isEqualTo(405);
        assertThat(answer.headers().firstValue("Allow")).contains("GET, HEAD");
      }
    }
  }

  /** Asks behind requests that have no end. */
  static final class Besieged {
    public static void main(String[] none) throws Exception {
      List<Socket> halves = new ArrayList<>();
      try (PageServer server = new PageServer(anywhere(), path -> Page.line("well"))) {
        for (int i = 0; i < MORE_THAN_ITS_THREADS; i++) {
          Socket half = new Socket(InetAddress.getLoopbackAddress(), server.port());
          half.getOutputStream().write("GET / HT".getBytes(UTF_8));
          halves.add(half);
        }
        System.out.print(ask(server, "GET").body());
      } finally {
        for (Socket half : halves) {
          half.close();
        }
      }
    }
  }

  /** Asks for headers alone. */
  static final class Headed {
    public static void main(String[] none) throws Exception {
      try (PageServer server = new PageServer(anywhere(), path -> Page.line("well"))) {
        HttpResponse<String> answer = ask(server, "HEAD");
        System.out.printf("%d, %d bytes", answer.statusCode(), answer.body().length());
      }
    }
  }

  private static InetSocketAddress anywhere() {
    return new InetSocketAddress(InetAddress.getLoopbackAddress(), 0);
  }

  private static HttpResponse<String> ask(PageServer server, String how)
      throws IOException, InterruptedException {
    URI page = URI.create("http://127.0.0.1:" + server.port() + "/");
    return HttpClient.newHttpClient()
        .send(
            HttpRequest.newBuilder(page)
                .method(how, HttpRequest.BodyPublishers.noBody())
                .timeout(Duration.ofMinutes(1))
                .build(),
            HttpResponse.BodyHandlers.ofString());
  }

  private static String saidBy(Class<?> main) throws IOException, InterruptedException {
    List<String> command = QuickJava.command(List.of());
    command.add(main.getName());
    Process asking = new ProcessBuilder(command).redirectErrorStream(true).start();
    String said = asking.inputReader().lines().collect(Collectors.joining("\n"));
    assertThat(asking.waitFor()).as(said).isZero();
    return said;
  }
}

package farm.darkroom.worker;

import static java.util.Objects.requireNonNull;

import com.sun.net.httpserver.HttpExchange;
import com.sun.net.httpserver.HttpServer;
import farm.darkroom.common.FailureKind;
import farm.darkroom.common.FarmException;
import java.io.IOException;
import java.io.OutputStream;
import java.net.InetSocketAddress;
import java.nio.charset.StandardCharsets;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;

/**
 * {@code /healthz} (the loop runs), {@code /readyz} (and jobs may come) and {@code /metrics} on one
 * port.
 */
final class HealthServer implements AutoCloseable {
  private static final int OK = 200;
  private static final int NOT_FOUND = 404;
  private static final int UNAVAILABLE = 503;
  private static final String PLAIN = "text/plain; charset=utf-8";
  private static final String PROMETHEUS = "text/plain; version=0.0.4; charset=utf-8";

  private final Vitals vitals;
  private final Metrics metrics;
  private final HttpServer server;
  private final ExecutorService threads = Executors.newFixedThreadPool(2, HealthServer::daemon);

  private record Answer(int status, String type, String body) {}

  /**
   * @param address port 0 takes a free one
   * @throws FarmException WORKER_UNFIT when the port is taken
   */
  HealthServer(InetSocketAddress address, Vitals vitals, Metrics metrics) {
    this.vitals = requireNonNull(vitals, "vitals");
    this.metrics = requireNonNull(metrics, "metrics");
    try {
      server = HttpServer.create(address, 0);
    } catch (IOException e) {
      throw new FarmException(
          FailureKind.WORKER_UNFIT,
          "cannot listen on %s: %s".formatted(address, e.getMessage()),
          e);
    }
    server.createContext("/", this::serve);
    server.setExecutor(threads);
    server.start();
  }

  int port() {
    return server.getAddress().getPort();
  }

  @Override
  public void close() {
    server.stop(0);
    threads.shutdownNow();
  }

  private void serve(HttpExchange exchange) throws IOException {
    Answer answer = answer(exchange.getRequestURI().getPath());
    byte[] body = answer.body().getBytes(StandardCharsets.UTF_8);
    exchange.getResponseHeaders().set("Content-Type", answer.type());
    exchange.sendResponseHeaders(answer.status(), body.length);
    try (OutputStream out = exchange.getResponseBody()) {
      out.write(body);
    }
  }

  private Answer answer(String path) {
    Vitals.Moment now = vitals.now();
    return switch (path) {
      case "/healthz" -> new Answer(now.gone() ? UNAVAILABLE : OK, PLAIN, now.stage() + "\n");
      case "/readyz" -> new Answer(now.ready() ? OK : UNAVAILABLE, PLAIN, readiness(now) + "\n");
      case "/metrics" -> new Answer(OK, PROMETHEUS, metrics.scrape());
      default -> new Answer(NOT_FOUND, PLAIN, "/healthz, /readyz or /metrics\n");
    };
  }

  private static String readiness(Vitals.Moment now) {
    return now.trouble().orElse(now.stage());
  }

  private static Thread daemon(Runnable work) {
    Thread thread = new Thread(work, "health");
    thread.setDaemon(true);
    return thread;
  }
}

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
import java.util.function.Function;

/** Answers requests with short texts on one port, two at a time. */
public final class TextServer implements AutoCloseable {
  private final Function<String, Page> pages;
  private final HttpServer server;
  private final ExecutorService threads = Executors.newFixedThreadPool(2, TextServer::daemon);

  /**
   * An answer.
   *
   * @param status of HTTP
   */
  public record Page(int status, String type, String body) {
    private static final String PLAIN = "text/plain; charset=utf-8";
    private static final String PROMETHEUS = "text/plain; version=0.0.4; charset=utf-8";

    /** One line. */
    public static Page line(int status, String line) {
      return new Page(status, PLAIN, line + "\n");
    }

    /** A JSON object. */
    public static Page json(String object) {
      return new Page(200, "application/json", object + "\n");
    }

    /** Metrics in Prometheus' text format. */
    public static Page metrics(String scraped) {
      return new Page(200, PROMETHEUS, scraped);
    }
  }

  /**
   * Listens at once.
   *
   * @param address port 0 takes a free one
   * @param pages by path; called by several threads, and must not throw
   * @throws FarmException WORKER_UNFIT when the port is taken
   */
  public TextServer(InetSocketAddress address, Function<String, Page> pages) {
    this.pages = requireNonNull(pages, "pages");
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

  public int port() {
    return server.getAddress().getPort();
  }

  @Override
  public void close() {
    server.stop(0);
    threads.shutdownNow();
  }

  private void serve(HttpExchange exchange) throws IOException {
    Page page = pages.apply(exchange.getRequestURI().getPath());
    byte[] body = page.body().getBytes(StandardCharsets.UTF_8);
    exchange.getResponseHeaders().set("Content-Type", page.type());
    exchange.sendResponseHeaders(page.status(), body.length);
    try (OutputStream out = exchange.getResponseBody()) {
      out.write(body);
    }
  }

  private static Thread daemon(Runnable work) {
    Thread thread = new Thread(work, "text-server");
    thread.setDaemon(true);
    return thread;
  }
}

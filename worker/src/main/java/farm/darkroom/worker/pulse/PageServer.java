package farm.darkroom.worker.pulse;

import static java.util.Objects.requireNonNull;

import com.sun.net.httpserver.Headers;
import com.sun.net.httpserver.HttpExchange;
import com.sun.net.httpserver.HttpServer;
import farm.darkroom.common.FailureKind;
import farm.darkroom.common.FarmException;
import java.io.IOException;
import java.io.OutputStream;
import java.net.InetSocketAddress;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.function.Function;
import java.util.regex.Pattern;

/** Answers requests with pages on one port, four at a time. */
public final class PageServer implements AutoCloseable {
  private static final String PNG = "image/png";
  private static final String FOR_EVER = "private, max-age=31536000, immutable";

  /** A page shows and fetches nothing but what comes from here. */
  private static final String OWN_CONTENT =
      "default-src 'none'; img-src 'self'; connect-src 'self'; script-src 'self';"
          + " style-src 'unsafe-inline'";

  private static final Pattern OWN_NAME =
      Pattern.compile("(?i)(localhost|[0-9.]+|\\[[0-9a-f:.]+])(:[0-9]+)?");
  private static final Page FOREIGN = Page.line(403, "this page is for localhost alone");
  private static final int THREADS = 4;

  private final Function<String, Page> pages;
  private final HttpServer server;
  private final ExecutorService threads = Executors.newFixedThreadPool(THREADS, PageServer::daemon);

  /** An answer. Immutable. */
  public static final class Page {
    private static final int OK = 200;
    private final int status;
    private final String type;
    private final byte[] body;
    private final boolean lasting;

    private Page(int status, String type, byte[] body, boolean lasting) {
      this.status = status;
      this.type = type;
      this.body = body;
      this.lasting = lasting;
    }

    /**
     * One line.
     *
     * @param status of HTTP
     */
    public static Page line(int status, String line) {
      return text(status, "text/plain; charset=utf-8", line + "\n");
    }

    /** A JSON object. */
    public static Page json(String object) {
      return text(OK, "application/json", object + "\n");
    }

    /** Metrics in Prometheus' text format. */
    public static Page metrics(String scraped) {
      return text(OK, "text/plain; version=0.0.4; charset=utf-8", scraped);
    }

    /** A page for people. */
    public static Page html(String html) {
      return text(OK, "text/html; charset=utf-8", html);
    }

    /** What a page for people does. */
    public static Page script(String javascript) {
      return text(OK, "text/javascript; charset=utf-8", javascript);
    }

    /** A picture; asked for with a query, which names it, it is this one for ever. */
    public static Page png(byte[] png) {
      return new Page(OK, PNG, png.clone(), true);
    }

    /** A picture in whose place another will be, whatever it is asked for with. */
    public static Page passingPng(byte[] png) {
      return new Page(OK, PNG, png.clone(), false);
    }

    public int status() {
      return status;
    }

    /** The body of what is no picture. */
    public String text() {
      return new String(body, StandardCharsets.UTF_8);
    }

    private static Page text(int status, String type, String body) {
      return new Page(status, type, body.getBytes(StandardCharsets.UTF_8), false);
    }
  }

  /**
   * Listens at once.
   *
   * @param address port 0 takes a free one
   * @param pages by path; called by several threads, and must not throw
   * @throws FarmException WORKER_UNFIT when the port is taken
   */
  public PageServer(InetSocketAddress address, Function<String, Page> pages) {
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
    URI asked = exchange.getRequestURI();
    Page page = isForeign(exchange) ? FOREIGN : pages.apply(asked.getPath());
    Headers headers = exchange.getResponseHeaders();
    headers.set("Content-Type", page.type);
    headers.set("Content-Security-Policy", OWN_CONTENT);
    headers.set("X-Content-Type-Options", "nosniff");
    headers.set("Cache-Control", page.lasting && asked.getQuery() != null ? FOR_EVER : "no-store");
    exchange.sendResponseHeaders(page.status, page.body.length);
    try (OutputStream out = exchange.getResponseBody()) {
      out.write(page.body);
    }
  }

  /**
   * Whether a browser on this machine was led here by a name of somebody else's (DNS rebinding): a
   * page on the loopback address has none.
   */
  private boolean isForeign(HttpExchange exchange) {
    String host = exchange.getRequestHeaders().getFirst("Host");
    return server.getAddress().getAddress().isLoopbackAddress()
        && host != null
        && !OWN_NAME.matcher(host).matches();
  }

  private static Thread daemon(Runnable work) {
    Thread thread = new Thread(work, "page-server");
    thread.setDaemon(true);
    return thread;
  }
}

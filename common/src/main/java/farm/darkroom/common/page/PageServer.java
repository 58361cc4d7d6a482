package farm.darkroom.common.page;

import static java.util.Objects.requireNonNull;

import com.sun.net.httpserver.Headers;
import com.sun.net.httpserver.HttpExchange;
import com.sun.net.httpserver.HttpServer;
import farm.darkroom.common.DaemonThreads;
import farm.darkroom.common.FailureKind;
import farm.darkroom.common.FarmException;
import java.io.IOException;
import java.io.OutputStream;
import java.net.InetSocketAddress;
import java.net.URI;
import java.util.Set;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.function.Function;
import java.util.regex.Pattern;

/**
 * A small HTTP server on one port that handles up to four requests at a time. Clients that do not
 * finish sending their request are disconnected.
 */
public final class PageServer implements AutoCloseable {
  private static final String FOR_EVER = "private, max-age=31536000, immutable";

  /** A page shows and fetches nothing but what comes from here. */
  private static final String OWN_CONTENT =
      "default-src 'none'; img-src 'self'; connect-src 'self'; script-src 'self';"
          + " style-src 'unsafe-inline'";

  private static final Pattern OWN_NAME =
      Pattern.compile("(?i)(localhost|[0-9.]+|\\[[0-9a-f:.]+])(:[0-9]+)?");
  private static final Page FOREIGN = Page.forbidden("this page is for localhost alone");
  private static final Set<String> METHODS = Set.of("GET", "HEAD");
  private static final Page UNKNOWN_METHOD = Page.notAllowed("pages are for GET and HEAD alone");
  private static final int THREADS = 4;
  private static final int NO_BODY = -1;

  static {
    // Otherwise the JDK's server waits for the rest of a request for ever, with one of the threads.
    limit("sun.net.httpserver.maxReqTime", 5);
    limit("sun.net.httpserver.maxRspTime", 120);
  }

  private final Function<String, Page> pages;
  private final HttpServer server;
  private final ExecutorService threads =
      Executors.newFixedThreadPool(THREADS, DaemonThreads.named("page-server"));

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
          "cannot listen on %s:%d: %s"
              .formatted(address.getHostString(), address.getPort(), e.getMessage()),
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

  private static void limit(String property, int seconds) {
    System.setProperty(property, System.getProperty(property, String.valueOf(seconds)));
  }

  private void serve(HttpExchange exchange) throws IOException {
    URI asked = exchange.getRequestURI();
    Page page = answer(exchange);
    Headers headers = exchange.getResponseHeaders();
    headers.set("Content-Type", page.type());
    headers.set("Content-Security-Policy", OWN_CONTENT);
    headers.set("X-Content-Type-Options", "nosniff");
    headers.set(
        "Cache-Control", page.isLasting() && asked.getQuery() != null ? FOR_EVER : "no-store");
    if (exchange.getRequestMethod().equals("HEAD")) {
      exchange.sendResponseHeaders(page.status(), NO_BODY);
      exchange.close();
      return;
    }
    exchange.sendResponseHeaders(page.status(), page.body().length);
    try (OutputStream out = exchange.getResponseBody()) {
      out.write(page.body());
    }
  }

  private Page answer(HttpExchange exchange) {
    if (isForeign(exchange)) {
      return FOREIGN;
    }
    if (!METHODS.contains(exchange.getRequestMethod())) {
      exchange.getResponseHeaders().set("Allow", "GET, HEAD");
      return UNKNOWN_METHOD;
    }
    return pages.apply(exchange.getRequestURI().getPath());
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
}

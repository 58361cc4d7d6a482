package farm.darkroom.common.store;

import static java.nio.charset.StandardCharsets.UTF_8;

import com.sun.net.httpserver.HttpExchange;
import com.sun.net.httpserver.HttpServer;
import java.io.IOException;
import java.io.OutputStream;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.URI;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.Predicate;

/**
 * An S3 service that refuses some objects with an error of its own and takes all others, of which
 * it keeps the keys alone. Thread-safe.
 */
final class ConflictingService implements AutoCloseable {
  private final HttpServer server;
  private final Predicate<String> refused;
  private final int status;
  private final String code;
  private final Set<String> taken = ConcurrentHashMap.newKeySet();
  private final AtomicInteger refusals = new AtomicInteger();

  /**
   * @param refused of the path of a request
   */
  ConflictingService(Predicate<String> refused, int status, String code) throws IOException {
    this.refused = refused;
    this.status = status;
    this.code = code;
    server = HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 0);
    server.createContext("/", this::answer);
    server.start();
  }

  S3Settings settings() {
    URI endpoint = URI.create("http://127.0.0.1:" + server.getAddress().getPort());
    return S3Settings.at(endpoint, "bucket", S3Credentials.of("access", "secret"));
  }

  int refusals() {
    return refusals.get();
  }

  @Override
  public void close() {
    server.stop(0);
  }

  private void answer(HttpExchange exchange) throws IOException {
    exchange.getRequestBody().transferTo(OutputStream.nullOutputStream());
    String path = exchange.getRequestURI().getPath();
    switch (exchange.getRequestMethod()) {
      case "PUT" -> put(exchange, path);
      case "GET" -> say(exchange, 200, "first");
      case "HEAD" -> say(exchange, path.equals("/bucket") ? 200 : 404, "");
      default -> say(exchange, 204, "");
    }
  }

  private void put(HttpExchange exchange, String path) throws IOException {
    if (refused.test(path)) {
      refusals.incrementAndGet();
      say(exchange, status, "<Error><Code>%s</Code></Error>".formatted(code));
    } else {
      say(exchange, taken.add(path) ? 200 : 412, "");
    }
  }

  private static void say(HttpExchange exchange, int status, String text) throws IOException {
    byte[] body = text.getBytes(UTF_8);
    exchange.getResponseHeaders().add("ETag", "etag");
    exchange.sendResponseHeaders(status, body.length == 0 ? -1 : body.length);
    exchange.getResponseBody().write(body);
    exchange.close();
  }
}

package farm.darkroom.worker.hub;

import static java.nio.charset.StandardCharsets.UTF_8;

import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ObjectNode;
import com.sun.net.httpserver.HttpExchange;
import com.sun.net.httpserver.HttpServer;
import java.io.IOException;
import java.io.OutputStream;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.URI;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Queue;
import java.util.TreeMap;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Stream;

/**
 * A hub on loopback that behaves like the real one: its API on one port, and a redirect to a CDN on
 * another for what lies in large-file storage. Faults are served in order, one per request of the
 * kind that they are for.
 */
public final class FakeHub implements AutoCloseable {
  static final String COMMIT = "0123456789abcdef0123456789abcdef01234567";
  private static final Pattern RANGE = Pattern.compile("bytes=(\\d+)-(\\d+)");

  final Map<String, byte[]> files = new TreeMap<>();
  final Queue<Fault> faults = new ConcurrentLinkedQueue<>();
  final Queue<Asked> asked = new ConcurrentLinkedQueue<>();
  final String id;
  volatile boolean ranges = true;
  volatile Optional<String> token = Optional.empty();
  volatile int refusal = 401;
  private final ExecutorService threads = Executors.newCachedThreadPool();
  private final CountDownLatch end = new CountDownLatch(1);
  private final HttpServer hub;
  private final HttpServer cdn;

  /** What was asked for, and with which headers. */
  record Asked(boolean cdn, String path, Optional<String> range, Optional<String> token) {}

  /** What goes wrong once. */
  sealed interface Fault {
    /** An answer with this status to a request for the listing. */
    record Listing(int status, Map<String, String> headers) implements Fault {}

    /** An answer with this status to a request for a file at the CDN. */
    record Status(int status, Map<String, String> headers) implements Fault {}

    /** The connection is cut after so many bytes. */
    record Cut(int bytes) implements Fault {}

    /** Nothing comes after so many bytes. */
    record Silence(int bytes) implements Fault {}

    /** One byte is another. */
    record Corrupt() implements Fault {}
  }

  public FakeHub(String id) throws IOException {
    this.id = id;
    hub = HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 0);
    cdn = HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 0);
    for (HttpServer server : List.of(hub, cdn)) {
      server.setExecutor(threads);
      server.createContext("/", exchange -> serve(server == cdn, exchange));
      server.start();
    }
  }

  /** The files of a folder become those of the repository. */
  public FakeHub with(Path folder) throws IOException {
    try (Stream<Path> all = Files.walk(folder)) {
      for (Path file : all.filter(Files::isRegularFile).toList()) {
        String path = folder.relativize(file).toString().replace('\\', '/');
        files.put(path, Files.readAllBytes(file));
      }
    }
    return this;
  }

  FakeHub with(String path, String content) {
    files.put(path, content.getBytes(UTF_8));
    return this;
  }

  public URI endpoint() {
    return URI.create("http://127.0.0.1:" + hub.getAddress().getPort());
  }

  HubAccess access(Optional<String> secret) {
    return new HubAccess(endpoint(), secret.map(AccessToken::new));
  }

  List<Asked> askedOf(boolean cdnOnly) {
    return asked.stream().filter(request -> request.cdn() == cdnOnly).toList();
  }

  private void serve(boolean fromCdn, HttpExchange exchange) throws IOException {
    try (exchange) {
      String path = exchange.getRequestURI().getPath();
      Optional<String> range = header(exchange, "Range");
      Optional<String> bearer = header(exchange, "Authorization");
      asked.add(new Asked(fromCdn, path, range, bearer));
      if (fromCdn) {
        content(exchange, files.get(path.substring(1)), next(Fault.Listing.class, false));
      } else if (token.isPresent() && !bearer.equals(token.map(secret -> "Bearer " + secret))) {
        answer(exchange, refusal, Map.of("X-Error-Code", "GatedRepo"), new byte[0]);
      } else if (path.startsWith("/api/models/" + id + "/revision/")) {
        listing(exchange, path.substring(path.lastIndexOf('/') + 1));
      } else if (path.startsWith("/" + id + "/resolve/" + COMMIT + "/")) {
        resolve(exchange, path.substring(path.indexOf(COMMIT) + COMMIT.length() + 1));
      } else {
        answer(exchange, 404, Map.of("X-Error-Code", "RepoNotFound"), new byte[0]);
      }
    }
  }

  private static Optional<String> header(HttpExchange exchange, String name) {
    return Optional.ofNullable(exchange.getRequestHeaders().getFirst(name));
  }

  /** The next fault, if it is of that kind, or if it is of any other. */
  private synchronized Optional<Fault> next(Class<? extends Fault> kind, boolean wanted) {
    return Optional.ofNullable(faults.peek())
        .filter(fault -> kind.isInstance(fault) == wanted)
        .map(fault -> faults.poll());
  }

  private void listing(HttpExchange exchange, String revision) throws IOException {
    Optional<Fault> fault = next(Fault.Listing.class, true);
    if (fault.isPresent() && fault.get() instanceof Fault.Listing wrong) {
      answer(exchange, wrong.status(), wrong.headers(), new byte[0]);
    } else if (!List.of("main", "v1", COMMIT).contains(revision)) {
      answer(exchange, 404, Map.of("X-Error-Code", "RevisionNotFound"), new byte[0]);
    } else {
      answer(exchange, 200, Map.of("Content-Type", "application/json"), json());
    }
  }

  private byte[] json() throws IOException {
    ObjectNode root = new ObjectMapper().createObjectNode().put("id", id).put("sha", COMMIT);
    files.forEach(
        (path, bytes) -> {
          ObjectNode file = root.withArray("siblings").addObject();
          file.put("rfilename", path).put("size", bytes.length).put("blobId", Hashes.git(bytes));
          if (large(path)) {
            file.putObject("lfs").put("sha256", Hashes.sha256(bytes)).put("size", bytes.length);
          }
        });
    return new ObjectMapper().writeValueAsBytes(root);
  }

  static boolean large(String path) {
    return path.endsWith(".safetensors") || path.endsWith(".bin");
  }

  private void resolve(HttpExchange exchange, String path) throws IOException {
    byte[] bytes = files.get(path);
    if (bytes == null) {
      answer(exchange, 404, Map.of("X-Error-Code", "EntryNotFound"), new byte[0]);
    } else if (large(path)) {
      String there = "http://127.0.0.1:%d/%s".formatted(cdn.getAddress().getPort(), path);
      Map<String, String> headers =
          Map.of(
              "Location",
              there,
              "X-Repo-Commit",
              COMMIT,
              "X-Linked-Size",
              String.valueOf(bytes.length),
              "X-Linked-Etag",
              '"' + Hashes.sha256(bytes) + '"');
      answer(exchange, 302, headers, "Found. Redirecting".getBytes(UTF_8));
    } else {
      content(exchange, bytes, Optional.empty());
    }
  }

  private void content(HttpExchange exchange, byte[] all, Optional<Fault> fault)
      throws IOException {
    if (fault.isPresent() && fault.get() instanceof Fault.Status wrong) {
      answer(exchange, wrong.status(), wrong.headers(), new byte[0]);
      return;
    }
    Optional<Matcher> range = header(exchange, "Range").filter(text -> ranges).map(RANGE::matcher);
    byte[] bytes = all;
    if (range.filter(Matcher::matches).isPresent()) {
      int begin = Integer.parseInt(range.get().group(1));
      int last = Integer.parseInt(range.get().group(2));
      bytes = Arrays.copyOfRange(all, begin, last + 1);
      String text = "bytes %d-%d/%d".formatted(begin, last, all.length);
      exchange.getResponseHeaders().set("Content-Range", text);
    }
    exchange.sendResponseHeaders(range.isPresent() ? 206 : 200, bytes.length);
    write(exchange.getResponseBody(), bytes, fault);
  }

  private void write(OutputStream out, byte[] bytes, Optional<Fault> fault) throws IOException {
    if (fault.isPresent() && fault.get() instanceof Fault.Cut cut) {
      out.write(bytes, 0, Math.min(cut.bytes(), bytes.length - 1));
      out.flush();
    } else if (fault.isPresent() && fault.get() instanceof Fault.Silence silence) {
      out.write(bytes, 0, silence.bytes());
      out.flush();
      await();
    } else {
      byte[] sent = bytes.clone();
      if (fault.isPresent()) {
        sent[sent.length / 2] ^= 1;
      }
      out.write(sent);
    }
  }

  private void await() {
    try {
      end.await();
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
  }

  private static void answer(
      HttpExchange exchange, int status, Map<String, String> headers, byte[] body)
      throws IOException {
    headers.forEach(exchange.getResponseHeaders()::set);
    exchange.sendResponseHeaders(status, body.length == 0 ? -1 : body.length);
    exchange.getResponseBody().write(body);
  }

  @Override
  public void close() {
    end.countDown();
    hub.stop(0);
    cdn.stop(0);
    threads.shutdownNow();
  }
}

package farm.darkroom.common.store;

import static java.nio.charset.StandardCharsets.UTF_8;

import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;
import java.io.UncheckedIOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.net.SocketException;
import java.net.URI;
import java.time.Duration;
import java.time.Instant;
import java.time.ZoneOffset;
import java.time.format.DateTimeFormatter;

/**
 * An empty bucket of an S3 service with a clock of its own, which refuses what was signed a quarter
 * of an hour off. It answers one request after another.
 */
final class PunctualService implements AutoCloseable {
  private static final Duration TOLERANCE = Duration.ofMinutes(15);
  private static final String SIGNED = "x-amz-date: ";
  private static final DateTimeFormatter SIGNED_AT =
      DateTimeFormatter.ofPattern("yyyyMMdd'T'HHmmss'Z'").withZone(ZoneOffset.UTC);

  private final ServerSocket server = new ServerSocket(0, 50, InetAddress.getLoopbackAddress());
  private final Duration ahead;
  private final boolean saysTheTime;

  /**
   * @param ahead of this machine's clock
   * @param saysTheTime whether answers have a date
   */
  PunctualService(Duration ahead, boolean saysTheTime) throws IOException {
    this.ahead = ahead;
    this.saysTheTime = saysTheTime;
    Thread thread = new Thread(this::serve, "punctual-service");
    thread.setDaemon(true);
    thread.start();
  }

  S3Settings settings() {
    URI endpoint = URI.create("http://127.0.0.1:" + server.getLocalPort());
    return S3Settings.at(endpoint, "bucket", S3Credentials.of("access", "secret"));
  }

  @Override
  public void close() throws IOException {
    server.close();
  }

  private void serve() {
    while (!server.isClosed()) {
      try (Socket client = server.accept()) {
        answer(client);
      } catch (SocketException e) {
        continue; // it was closed, or the client left
      } catch (IOException e) {
        throw new UncheckedIOException(e);
      }
    }
  }

  private void answer(Socket client) throws IOException {
    BufferedReader request =
        new BufferedReader(new InputStreamReader(client.getInputStream(), UTF_8));
    boolean head = String.valueOf(request.readLine()).startsWith("HEAD");
    Instant now = Instant.now().plus(ahead);
    boolean punctual = false;
    String line = request.readLine();
    while (line != null && !line.isEmpty()) {
      if (line.regionMatches(true, 0, SIGNED, 0, SIGNED.length())) {
        Instant signed = SIGNED_AT.parse(line.substring(SIGNED.length()), Instant::from);
        punctual = Duration.between(signed, now).abs().compareTo(TOLERANCE) < 0;
      }
      line = request.readLine();
    }
    String body = body(punctual);
    String date = DateTimeFormatter.RFC_1123_DATE_TIME.format(now.atOffset(ZoneOffset.UTC));
    String answer =
        "HTTP/1.1 %s\r\nConnection: close\r\nContent-Length: %d\r\n%s\r\n%s"
            .formatted(
                punctual ? (head ? "404 Not Found" : "200 OK") : "403 Forbidden",
                body.length(),
                saysTheTime ? "Date: " + date + "\r\n" : "",
                head ? "" : body);
    client.getOutputStream().write(answer.getBytes(UTF_8));
  }

  private static String body(boolean punctual) {
    return punctual
        ? "<ListBucketResult><IsTruncated>false</IsTruncated></ListBucketResult>"
        : "<Error><Code>RequestTimeTooSkewed</Code><Message/></Error>";
  }
}

package farm.darkroom.worker.hub;

import static java.util.Objects.requireNonNull;

import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandler;
import java.time.Duration;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.function.LongSupplier;

/**
 * Single requests to the hub and to where it redirects. Redirects are followed here and not by the
 * client, so that the token goes to the hub alone. Thread-safe.
 */
final class HubHttp {
  private static final Set<Integer> REDIRECTS = Set.of(301, 302, 303, 307, 308);
  private static final int MOST_REDIRECTS = 5;
  private static final Duration CONNECT = Duration.ofSeconds(10);
  private final HttpClient client =
      HttpClient.newBuilder()
          .version(HttpClient.Version.HTTP_1_1)
          .followRedirects(HttpClient.Redirect.NEVER)
          .connectTimeout(CONNECT)
          .build();
  private final HubAccess access;
  private final Duration stall;

  /**
   * @param stall how long nothing may come
   */
  HubHttp(HubAccess access, Duration stall) {
    this.access = requireNonNull(access, "access");
    this.stall = requireNonNull(stall, "stall");
  }

  /**
   * A resource, wherever it lies.
   *
   * @param range value of the Range header
   * @param handler of the last answer's body; those of redirects are thrown away
   * @param received how much of the body has come, to tell a slow answer from none
   * @throws IOException when there is no answer, or it stops
   */
  <T> HttpResponse<T> get(
      URI uri, Optional<String> range, BodyHandler<T> handler, LongSupplier received)
      throws IOException, InterruptedException {
    URI at = uri;
    for (int hop = 0; hop <= MOST_REDIRECTS; hop++) {
      HttpResponse<T> answer = send(request(at, range), handler, received);
      Optional<String> location = answer.headers().firstValue("Location");
      if (!REDIRECTS.contains(answer.statusCode()) || location.isEmpty()) {
        return answer;
      }
      at = target(at, location.get());
    }
    throw new IOException("more than %d redirects from %s".formatted(MOST_REDIRECTS, uri));
  }

  private URI target(URI from, String location) throws IOException {
    try {
      URI to = from.resolve(location);
      if ("https".equals(from.getScheme()) && !"https".equals(to.getScheme())) {
        throw new IOException("a redirect from https to " + to.getScheme() + " is not followed");
      }
      return to;
    } catch (IllegalArgumentException e) {
      throw new IOException("a redirect to '" + location + "', which is no URL", e);
    }
  }

  private HttpRequest request(URI uri, Optional<String> range) {
    HttpRequest.Builder request =
        HttpRequest.newBuilder(uri)
            .header("User-Agent", "darkroom")
            .header("Accept-Encoding", "identity");
    access.authorization(uri).ifPresent(token -> request.header("Authorization", token));
    range.ifPresent(bytes -> request.header("Range", bytes));
    return request.build();
  }

  /** Waits as long as something comes; the client itself would wait for a silent body for ever. */
  private <T> HttpResponse<T> send(HttpRequest request, BodyHandler<T> handler, LongSupplier came)
      throws IOException, InterruptedException {
    CompletableFuture<HttpResponse<T>> answer = client.sendAsync(request, handler);
    long before = came.getAsLong();
    while (true) {
      try {
        return answer.get(stall.toMillis(), TimeUnit.MILLISECONDS);
      } catch (TimeoutException e) {
        long now = came.getAsLong();
        if (now == before) {
          answer.cancel(true);
          throw new IOException("nothing came for %.0f s".formatted(stall.toMillis() / 1e3), e);
        }
        before = now;
      } catch (InterruptedException e) {
        answer.cancel(true);
        throw e;
      } catch (ExecutionException e) {
        throw cause(e.getCause());
      }
    }
  }

  private static IOException cause(Throwable e) {
    if (e instanceof HubException failure) {
      throw failure;
    }
    return e instanceof IOException io ? io : new IOException(e);
  }
}

package farm.darkroom.worker.hub;

import static java.util.Objects.requireNonNull;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.io.IOException;
import java.net.URI;
import java.net.URLEncoder;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandler;
import java.net.http.HttpResponse.BodyHandlers;
import java.net.http.HttpResponse.BodySubscribers;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.Optional;
import java.util.function.Consumer;
import java.util.stream.Collectors;

/** The part of the hub's HTTP API that downloads need. Thread-safe. */
final class Hub {
  private static final ObjectMapper JSON = new ObjectMapper();
  private final HubAccess access;
  private final HubHttp http;
  private final Retries retries;

  /**
   * @param trouble is told what is tried again, and why
   */
  Hub(HubAccess access, HubLimits limits, RetryPause waits, Consumer<String> trouble) {
    this.access = requireNonNull(access, "access");
    this.http = new HubHttp(access, limits.stall());
    this.retries = new Retries(limits, waits, access.endpoint(), trouble);
  }

  /**
   * What the repository holds at its revision.
   *
   * @throws HubException when there is none that may be read
   */
  Listing listing(RepositoryId id) {
    URI uri =
        access.resolve(
            "/api/models/%s/revision/%s?blobs=true".formatted(id.id(), id.revisionSegment()));
    byte[] answer = retries.run(id.toString(), () -> text(id, uri));
    try {
      return Listing.of(id, JSON.readTree(answer));
    } catch (JsonProcessingException e) {
      throw HubException.failed("%s: %s answers with no JSON".formatted(id, access.endpoint()), e);
    } catch (IOException e) {
      throw new AssertionError("bytes in memory can be read", e);
    }
  }

  private byte[] text(RepositoryId id, URI uri)
      throws IOException, RetryLater, InterruptedException {
    BodyHandler<byte[]> whole =
        answer ->
            answer.statusCode() == 200
                ? BodyHandlers.ofByteArray().apply(answer)
                : BodySubscribers.replacing(new byte[0]);
    HttpResponse<byte[]> answer = http.get(uri, Optional.empty(), whole, () -> 0);
    new HubStatus(access, id).check(id.toString(), answer.statusCode(), answer.headers());
    return answer.body();
  }

  /** Where a file is to be had. */
  URI location(Listing listing, RemoteFile file) {
    String path =
        Arrays.stream(file.path().split("/"))
            .map(name -> URLEncoder.encode(name, StandardCharsets.UTF_8).replace("+", "%20"))
            .collect(Collectors.joining("/"));
    return access.resolve("/%s/resolve/%s/%s".formatted(listing.id().id(), listing.commit(), path));
  }

  HubStatus answers(RepositoryId id) {
    return new HubStatus(access, id);
  }

  HubHttp http() {
    return http;
  }

  Retries retries() {
    return retries;
  }
}

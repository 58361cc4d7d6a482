package farm.darkroom.worker.hub;

import java.io.IOException;
import java.net.URI;
import java.net.http.HttpResponse;
import java.nio.channels.FileChannel;
import java.util.Optional;

/** Downloads one part of a file, or all of it. Not thread-safe. */
final class PartTransfer {
  private final Hub hub;
  private final HubStatus answers;
  private final String what;
  private final URI uri;
  private final long size;
  private final PullListener watch;

  /** The server sends whole files only. */
  static final class NoRanges extends RuntimeException {
    private static final long serialVersionUID = 1L;
  }

  /**
   * @param uri where the hub has the file
   * @param watch is told of every byte that comes
   */
  PartTransfer(Hub hub, RepositoryId id, RemoteFile file, URI uri, PullListener watch) {
    this.hub = hub;
    this.answers = hub.answers(id);
    this.what = id + " " + file.path();
    this.uri = uri;
    this.size = file.size();
    this.watch = watch;
  }

  /**
   * Downloads a part; each try goes on where the last one stopped.
   *
   * @throws NoRanges when the server answers with the whole file
   */
  void part(Parts.Part part, FileChannel file) {
    long[] at = {part.begin()};
    hub.retries()
        .run(
            what,
            () -> {
              PartBody body = new PartBody(file, at[0], part.end() - at[0], watch::received);
              try {
                ranged(at[0], part.end(), body);
                return null;
              } finally {
                at[0] += body.written();
              }
            });
  }

  private void ranged(long begin, long end, PartBody body)
      throws IOException, RetryLater, InterruptedException {
    if (begin == end) {
      return;
    }
    HttpResponse<Void> answer =
        hub.http()
            .get(
                uri,
                Optional.of("bytes=%d-%d".formatted(begin, end - 1)),
                body.on(206),
                body::written);
    answers.check(what, answer.statusCode(), answer.headers());
    if (answer.statusCode() == 200) {
      throw new NoRanges();
    }
    String range = answer.headers().firstValue("Content-Range").orElse("none");
    if (!range.equals("bytes %d-%d/%d".formatted(begin, end - 1, size))) {
      throw HubException.failed(
          "%s: asked for bytes %d-%d of %d, the answer has %s"
              .formatted(what, begin, end - 1, size, range),
          null);
    }
  }

  /** Downloads the file in one piece; each try starts over. */
  void whole(FileChannel file) {
    hub.retries()
        .run(
            what,
            () -> {
              PartBody body = new PartBody(file, 0, size, watch::received);
              try {
                HttpResponse<Void> answer =
                    hub.http().get(uri, Optional.empty(), body.on(200), body::written);
                answers.check(what, answer.statusCode(), answer.headers());
                return null;
              } catch (IOException e) {
                watch.lost(body.written());
                throw e;
              }
            });
  }
}

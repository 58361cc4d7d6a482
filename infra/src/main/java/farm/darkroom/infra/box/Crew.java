package farm.darkroom.infra.box;

import farm.darkroom.common.FailureKind;
import farm.darkroom.common.FarmException;
import java.io.IOException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.stream.IntStream;

/**
 * The worker processes of a box. One that dies is started again, later each time it dies soon. For
 * one thread.
 */
final class Crew implements AutoCloseable {
  private static final Duration SHORTEST = Duration.ofSeconds(1);
  private static final Duration LONGEST = Duration.ofMinutes(1);
  private static final int MOST_DEATHS = 3;
  private static final Duration SETTLED = Duration.ofMinutes(2);

  private final Path logs;
  private final Map<String, String> variables;
  private final List<String> arguments;
  private final List<Post> posts;

  /** One worker's place: whoever holds it, and when it may be filled again. */
  private static final class Post {
    private final String name;
    private WorkerProcess process;
    private long startedAt;
    private Duration pause = Duration.ZERO;
    private int deaths;

    Post(String name) {
      this.name = name;
    }
  }

  Crew(int workers, Path logs, Map<String, String> variables, List<String> arguments) {
    this.logs = logs;
    this.variables = variables;
    this.arguments = List.copyOf(arguments);
    this.posts = IntStream.range(1, workers + 1).mapToObj(i -> new Post("box-" + i)).toList();
  }

  /** Starts every worker that is not there and may be. */
  void muster() throws IOException {
    for (Post post : posts) {
      if (post.process == null || !post.process.isAlive()) {
        fill(post);
      }
    }
  }

  /**
   * Starts who is missing, and gives up on a worker that cannot live.
   *
   * @throws FarmException WORKER_UNFIT naming the log that says why
   */
  void musterOrGiveUp() throws IOException {
    muster();
    for (Post post : posts) {
      if (post.deaths >= MOST_DEATHS) {
        throw new FarmException(
            FailureKind.WORKER_UNFIT,
            "worker %s ended %d times; %s says why"
                .formatted(post.name, post.deaths, logs.resolve(post.name + ".log")));
      }
    }
  }

  private void fill(Post post) throws IOException {
    long now = System.nanoTime();
    Duration held = Duration.ofNanos(now - post.startedAt);
    if (post.process != null && held.compareTo(post.pause) < 0) {
      return;
    }
    post.pause = post.process == null || held.compareTo(SETTLED) > 0 ? SHORTEST : longer(post);
    post.startedAt = now;
    post.deaths += post.process == null ? 0 : 1;
    post.process =
        WorkerProcess.start(post.name, variables, arguments, logs.resolve(post.name + ".log"));
  }

  private static Duration longer(Post post) {
    Duration twice = post.pause.multipliedBy(2);
    return twice.compareTo(LONGEST) > 0 ? LONGEST : twice;
  }

  @Override
  public void close() {
    posts.stream()
        .filter(post -> post.process != null)
        .parallel()
        .forEach(post -> post.process.close());
  }
}

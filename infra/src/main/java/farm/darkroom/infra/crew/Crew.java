package farm.darkroom.infra.crew;

import farm.darkroom.common.Backoff;
import farm.darkroom.common.FailureKind;
import farm.darkroom.common.FarmException;
import java.io.IOException;
import java.time.Duration;
import java.util.List;
import java.util.Objects;
import java.util.function.LongSupplier;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Keeps worker processes running. A worker that ends is restarted, with a growing delay if it keeps
 * failing early; one that left on purpose, drained, is not. Not thread-safe.
 */
public final class Crew implements AutoCloseable {
  static final Backoff PAUSE = new Backoff(Duration.ofSeconds(1), Duration.ofMinutes(1));

  /** Who lived so long is fit, whatever came before. */
  static final Duration SETTLED = Duration.ofMinutes(2);

  static final int MOST_ENDS = 3;

  private static final Logger log = LoggerFactory.getLogger(Crew.class);
  private final List<Watched> posts;
  private final Member.Recruiting recruiting;
  private final LongSupplier nanos;

  /** A post: who holds it, and how it went with those before. */
  private static final class Watched {
    private final WorkerSpec post;
    private Member member;
    private long startedAt;
    private boolean noted = true;
    private long endedAt;
    private int ends;
    private int refusals;
    private boolean left;

    Watched(WorkerSpec post) {
      this.post = post;
    }
  }

  /**
   * @param nanos the time, as {@link System#nanoTime} has it
   */
  public Crew(List<WorkerSpec> posts, Member.Recruiting recruiting, LongSupplier nanos) {
    this.posts = posts.stream().map(Watched::new).toList();
    this.recruiting = recruiting;
    this.nanos = nanos;
  }

  /**
   * One whose process could not be started, for want of memory, say: that is an end like others.
   */
  private static final class Missing implements Member {
    @Override
    public boolean isAlive() {
      return false;
    }

    @Override
    public int exitCode() {
      return 1;
    }

    @Override
    public void tidy() {}

    @Override
    public void tell() {}

    @Override
    public void close() {}
  }

  /** Starts every worker that is not there and may be. */
  public void muster() {
    for (Watched post : posts) {
      if (post.member == null) {
        start(post);
      } else if (post.member.isAlive()) {
        post.member.tidy();
      } else {
        note(post);
        if (!post.left && nanos.getAsLong() - post.endedAt >= PAUSE.after(post.ends).toNanos()) {
          start(post);
        }
      }
    }
  }

  /**
   * The same for somebody who waits for what the workers do.
   *
   * @throws FarmException WORKER_UNFIT when a worker ended three times in a row, whatever of
   */
  public void musterOrGiveUp() {
    muster();
    for (Watched post : posts) {
      if (post.ends >= MOST_ENDS) {
        throw unfit(post);
      }
    }
  }

  /**
   * The same for a crew of which some cannot work.
   *
   * @throws FarmException WORKER_UNFIT when every worker gave up three times in a row; ends by a
   *     signal do not count
   */
  public void musterWhileAnyCanWork() {
    muster();
    if (posts.stream().allMatch(post -> post.left || post.refusals >= MOST_ENDS) && !hasLeft()) {
      throw unfit(posts.stream().filter(post -> !post.left).findFirst().orElseThrow());
    }
  }

  /** Whether every worker has left of its own accord. */
  public boolean hasLeft() {
    return posts.stream().allMatch(post -> post.left);
  }

  private void start(Watched post) {
    post.startedAt = nanos.getAsLong();
    post.noted = false;
    try {
      post.member = recruiting.start(post.post);
    } catch (IOException e) {
      log.error("worker {} cannot be started: {}", post.post.name(), e.getMessage());
      post.member = new Missing();
    }
  }

  /** What an end says of the post, once. */
  private void note(Watched post) {
    if (post.noted) {
      return;
    }
    post.noted = true;
    post.left = post.member.exitCode() == 0;
    post.endedAt = nanos.getAsLong();
    boolean settled = post.endedAt - post.startedAt >= SETTLED.toNanos();
    boolean signal = post.member.exitCode() > Member.BY_SIGNAL;
    post.ends = settled ? 1 : post.ends + 1;
    post.refusals = settled || signal ? 0 : post.refusals + 1;
  }

  private static FarmException unfit(Watched post) {
    return new FarmException(
        FailureKind.WORKER_UNFIT,
        "worker %s ended %d times, at last with exit code %d; its log says why"
            .formatted(post.post.name(), post.ends, post.member.exitCode()));
  }

  @Override
  public void close() {
    List<Member> there = posts.stream().map(post -> post.member).filter(Objects::nonNull).toList();
    there.forEach(Member::tell);
    there.forEach(Member::close);
  }
}

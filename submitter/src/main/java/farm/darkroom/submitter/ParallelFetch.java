package farm.darkroom.submitter;

import farm.darkroom.common.DaemonThreads;
import farm.darkroom.common.FailureKind;
import farm.darkroom.common.FarmException;
import java.io.UncheckedIOException;
import java.util.ArrayDeque;
import java.util.Iterator;
import java.util.NoSuchElementException;
import java.util.Queue;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.function.Function;

/**
 * Fetches several objects at a time and returns them in order. At most a fixed window of them is in
 * memory.
 */
public final class ParallelFetch implements AutoCloseable {
  private static final int WINDOW = 16;
  private final ExecutorService threads =
      Executors.newFixedThreadPool(WINDOW, DaemonThreads.named("fetching"));

  /** The results of {@code fetch} in the order of {@code from}; for one thread. */
  public <A, B> Iterable<B> inOrder(Iterable<A> from, Function<A, B> fetch) {
    return () -> new Ordered<>(from.iterator(), fetch);
  }

  @Override
  public void close() {
    threads.shutdownNow();
  }

  private final class Ordered<A, B> implements Iterator<B> {
    private final Iterator<A> from;
    private final Function<A, B> fetch;
    private final Queue<Future<B>> ahead = new ArrayDeque<>();

    Ordered(Iterator<A> from, Function<A, B> fetch) {
      this.from = from;
      this.fetch = fetch;
    }

    @Override
    public boolean hasNext() {
      return !ahead.isEmpty() || from.hasNext();
    }

    @Override
    public B next() {
      if (!hasNext()) {
        throw new NoSuchElementException("nothing more to fetch");
      }
      while (ahead.size() < WINDOW && from.hasNext()) {
        A next = from.next();
        ahead.add(threads.submit(() -> fetch.apply(next)));
      }
      return result(ahead.remove());
    }

    private B result(Future<B> fetched) {
      try {
        return fetched.get();
      } catch (ExecutionException e) {
        if (e.getCause() instanceof FarmException || e.getCause() instanceof UncheckedIOException) {
          throw (RuntimeException) e.getCause();
        }
        throw new IllegalStateException("fetching failed", e.getCause());
      } catch (InterruptedException e) {
        Thread.currentThread().interrupt();
        throw new FarmException(FailureKind.STORE_UNAVAILABLE, "interrupted", e);
      }
    }
  }
}

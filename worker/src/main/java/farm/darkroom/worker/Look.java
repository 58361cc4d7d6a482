package farm.darkroom.worker;

import static java.util.Objects.requireNonNull;

import java.util.Map;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.Future;
import java.util.concurrent.FutureTask;
import org.slf4j.MDC;

/**
 * A look into the store for the held job's record, beside the beginning of its render. Where there
 * is none, the job is said to begin, by the thread that looked. Before anything else is said of the
 * job, {@link #settle} or {@link #await} waits for that. Thread-safe.
 */
final class Look {
  private final Future<Boolean> stored;

  private Look(Future<Boolean> stored) {
    this.stored = requireNonNull(stored, "stored");
  }

  /** Begins to look. */
  static Look begin(Station station, Held held) {
    Map<String, String> context = Optional.ofNullable(MDC.getCopyOfContextMap()).orElseGet(Map::of);
    FutureTask<Boolean> stored =
        new FutureTask<>(
            () -> {
              MDC.setContextMap(context);
              try {
                return look(station, held);
              } finally {
                MDC.clear();
              }
            });
    station.beside().execute(stored);
    return new Look(stored);
  }

  /** For a job that was looked for, and said to begin. */
  static Look done() {
    return new Look(CompletableFuture.completedFuture(false));
  }

  private static boolean look(Station station, Held held) {
    boolean there = station.isStored(held);
    if (!there) {
      station.begins(held);
    }
    return there;
  }

  /**
   * Waits for the answer.
   *
   * @throws RenderStopped STORED when the job is stored; LEASE_LOST or SHUTDOWN when that came
   *     before the answer
   * @throws farm.darkroom.common.FarmException what the store said
   */
  void settle() {
    if (answer()) {
      throw new RenderStopped(Stop.STORED);
    }
  }

  /** As {@link #settle}, where the answer is there; waits for none. */
  void glance() {
    if (stored.isDone()) {
      settle();
    }
  }

  /** Waits until no more is said, whatever the answer is. */
  void await() {
    try {
      boolean unused = answer();
    } catch (RuntimeException e) {
      // What matters of the job now is something else.
    }
  }

  private boolean answer() {
    try {
      return stored.get();
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new RenderStopped(Stop.SHUTDOWN);
    } catch (ExecutionException e) {
      if (e.getCause() instanceof Error error) {
        throw error;
      }
      throw (RuntimeException) e.getCause();
    }
  }
}

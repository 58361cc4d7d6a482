package farm.darkroom.worker.stage;

import static java.util.Objects.requireNonNull;

import farm.darkroom.worker.health.StoppableTime;
import java.time.Duration;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.Callable;
import java.util.concurrent.Executor;
import java.util.concurrent.Future;
import java.util.concurrent.FutureTask;
import org.slf4j.MDC;

/**
 * Does work in threads of its own while a render begins. If the last render reached its first step
 * so soon that this gained nothing, the next work is done at once by the thread that would wait for
 * it, because waking another thread takes longer. Thread-safe.
 */
public final class Background {
  /** Work that overlaps a render by less than this is not worth waking a thread for. */
  private static final long QUICK_NANOS = Duration.ofMillis(1).toNanos();

  private final Executor threads;
  private final StoppableTime time;
  private volatile boolean quick;

  public Background(Executor threads, StoppableTime time) {
    this.threads = requireNonNull(threads, "threads");
    this.time = requireNonNull(time, "time");
  }

  /** Work that was handed over. */
  final class Work<T> {
    private final FutureTask<T> answer;
    private volatile long leftAt;
    private volatile boolean needed;

    private Work(Callable<T> work) {
      this.answer = new FutureTask<>(work);
    }

    private void begin() {
      if (quick) {
        answer.run();
      } else {
        execute(answer);
      }
      leftAt = time.nanos();
    }

    Future<T> answer() {
      return answer;
    }

    /** The first step is next: from here on the render waits for the answer. */
    void isNeeded() {
      if (!needed) {
        needed = true;
        quick = time.nanos() - leftAt < QUICK_NANOS;
      }
    }
  }

  <T> Work<T> begin(Callable<T> work) {
    Work<T> begun = new Work<>(work);
    begun.begin();
    return begun;
  }

  /** Does it in a thread of its own, which logs as this one does. */
  void execute(Runnable work) {
    Map<String, String> context = Optional.ofNullable(MDC.getCopyOfContextMap()).orElseGet(Map::of);
    threads.execute(
        () -> {
          MDC.setContextMap(context);
          try {
            work.run();
          } finally {
            MDC.clear();
          }
        });
  }
}

package farm.darkroom.common.kafka;

import java.time.Duration;
import java.util.Iterator;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.function.Supplier;
import org.apache.kafka.common.KafkaFuture;

/**
 * A hedged call: while the first attempt has not answered, a second one is made in another way, and
 * the first answer wins. An attempt that fails counts only when no other can still answer. For
 * read-only calls.
 */
final class HedgedCall<T> {
  private final Iterator<Supplier<KafkaFuture<T>>> ways;
  private final Duration late;
  private final CompletableFuture<T> first = new CompletableFuture<>();
  private int pending;

  /**
   * Starts the first attempt.
   *
   * @param ways one at least
   * @param late after how long a wait the second is tried; the third after twice as long, and so on
   */
  HedgedCall(List<Supplier<KafkaFuture<T>>> ways, Duration late) {
    this.ways = List.copyOf(ways).iterator();
    this.late = late;
    ask(this.ways.next());
  }

  /**
   * Waits for the first answer of any attempt.
   *
   * @throws ExecutionException when every way that was tried failed: how the last of them did
   */
  T get() throws ExecutionException, InterruptedException {
    Duration wait = late;
    while (ways.hasNext()) {
      try {
        return first.get(wait.toNanos(), TimeUnit.NANOSECONDS);
      } catch (TimeoutException e) {
        askNext();
        wait = wait.multipliedBy(2);
      }
    }
    return first.get();
  }

  private void askNext() {
    try {
      ask(ways.next());
    } catch (RuntimeException e) {
      failed(e);
    }
  }

  private void ask(Supplier<KafkaFuture<T>> way) {
    begun();
    KafkaFuture<T> unused =
        way.get()
            .whenComplete(
                (answer, failure) -> {
                  if (failure == null) {
                    first.complete(answer);
                  } else {
                    failed(failure);
                  }
                });
  }

  private synchronized void begun() {
    pending++;
  }

  private synchronized void failed(Throwable failure) {
    pending--;
    if (pending == 0) {
      first.completeExceptionally(failure);
    }
  }
}

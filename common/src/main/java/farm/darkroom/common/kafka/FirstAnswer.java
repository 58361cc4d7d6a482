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
 * A question that is put in another way while its answer is late; the first answer counts. For
 * questions that change nothing.
 */
final class FirstAnswer<T> {
  private final Iterator<Supplier<KafkaFuture<T>>> ways;
  private final Duration late;
  private final CompletableFuture<T> first = new CompletableFuture<>();

  /**
   * Asks in the first way.
   *
   * @param ways one at least
   * @param late after how long a wait the second is tried; the third after twice as long, and so on
   */
  FirstAnswer(List<Supplier<KafkaFuture<T>>> ways, Duration late) {
    this.ways = List.copyOf(ways).iterator();
    this.late = late;
    askNext();
  }

  /**
   * Waits for it.
   *
   * @throws ExecutionException when it is a failure
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
    KafkaFuture<T> unused =
        ways.next()
            .get()
            .whenComplete(
                (answer, failure) -> {
                  if (failure == null) {
                    first.complete(answer);
                  } else {
                    first.completeExceptionally(failure);
                  }
                });
  }
}

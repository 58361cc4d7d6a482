package farm.darkroom.infra.bench;

import java.time.Duration;
import java.util.Optional;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;

/** Notes one worker's jobs as they pass. The worker's thread notes; another one may read. */
final class Passages {
  private final BlockingQueue<Passage> finished = new LinkedBlockingQueue<>();
  private long leased;
  private long begun;
  private long ended;

  void leased() {
    leased = System.nanoTime();
  }

  void begun() {
    begun = System.nanoTime();
  }

  void ended() {
    ended = System.nanoTime();
  }

  void accepted(String key) {
    finished.add(new Passage(key, leased, begun, ended, System.nanoTime()));
  }

  /** The next job that was accepted. @return empty when none was within {@code wait} */
  Optional<Passage> next(Duration wait) throws InterruptedException {
    return Optional.ofNullable(finished.poll(wait.toNanos(), TimeUnit.NANOSECONDS));
  }
}

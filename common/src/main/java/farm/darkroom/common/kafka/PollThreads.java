package farm.darkroom.common.kafka;

import farm.darkroom.common.DaemonThreads;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.SynchronousQueue;
import java.util.concurrent.ThreadPoolExecutor;
import java.util.concurrent.TimeUnit;

/** The threads that poll for the slots of one queue: as many as there are polls under way. */
final class PollThreads {
  private PollThreads() {}

  /**
   * What is left to do when they are shut down, such as to close a consumer whose last poll ended
   * late, is done by whoever came to it.
   */
  static ExecutorService open() {
    return new ThreadPoolExecutor(
        0,
        Integer.MAX_VALUE,
        1,
        TimeUnit.MINUTES,
        new SynchronousQueue<>(),
        DaemonThreads.named("darkroom-poll"),
        (left, threads) -> left.run());
  }
}

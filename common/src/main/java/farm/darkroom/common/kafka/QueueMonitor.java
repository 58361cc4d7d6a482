package farm.darkroom.common.kafka;

import farm.darkroom.common.DaemonThreads;
import farm.darkroom.common.FarmException;
import java.util.List;
import java.util.Set;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.TimeUnit;
import java.util.function.Consumer;
import java.util.function.Supplier;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Looks every few seconds what operators did to a queue that a worker serves: often enough for a
 * lease time of 15 seconds, the least that a broker allows unless configured. Thread-safe.
 */
final class QueueMonitor implements AutoCloseable {
  private static final Logger log = LoggerFactory.getLogger(QueueMonitor.class);
  private static final long EACH_SECONDS = 5;

  private final Supplier<Set<String>> topics;
  private final List<Consumer<Set<String>>> checks;
  private final ScheduledExecutorService thread =
      Executors.newSingleThreadScheduledExecutor(DaemonThreads.named("darkroom-queue"));

  /**
   * @param topics asks for the names of all that the broker has
   * @param checks what is not heard there stays as it was
   */
  QueueMonitor(Supplier<Set<String>> topics, List<Consumer<Set<String>>> checks) {
    this.topics = topics;
    this.checks = List.copyOf(checks);
    Future<?> unused =
        thread.scheduleWithFixedDelay(
            this::runChecks, EACH_SECONDS, EACH_SECONDS, TimeUnit.SECONDS);
  }

  private void runChecks() {
    logFailures(
        () -> {
          Set<String> names = topics.get();
          checks.forEach(check -> logFailures(() -> check.accept(names)));
        });
  }

  private static void logFailures(Runnable check) {
    try {
      check.run();
    } catch (FarmException e) {
      log.debug("the broker does not say how the queue is set up", e);
    } catch (RuntimeException | Error e) {
      // Thrown out of here it would be the end of all checks, and what was found last would stay.
      log.warn("cannot read how the queue is set up", e);
    }
  }

  @Override
  public void close() {
    thread.shutdownNow();
  }
}

package farm.darkroom.infra;

import farm.darkroom.worker.Worker;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;

/**
 * Stops a worker when this JVM is told to end (SIGTERM, ctrl-C), and keeps it from ending before
 * the worker's connections are closed.
 */
final class ShutdownHook implements AutoCloseable {
  private static final long CLOSING_SECONDS = 3;
  private final CountDownLatch closed = new CountDownLatch(1);

  void stops(Worker worker) {
    Runtime.getRuntime().addShutdownHook(new Thread(() -> stop(worker), "shutdown"));
  }

  private void stop(Worker worker) {
    boolean ended = worker.stop();
    try {
      if (ended && !closed.await(CLOSING_SECONDS, TimeUnit.SECONDS)) {
        System.err.println("worker: its connections did not close in time");
      }
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
  }

  /** All is closed. */
  @Override
  public void close() {
    closed.countDown();
  }
}

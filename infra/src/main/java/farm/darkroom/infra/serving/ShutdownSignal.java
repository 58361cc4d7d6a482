package farm.darkroom.infra.serving;

import java.time.Duration;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;

/**
 * Hears that this JVM is to end (SIGTERM, ctrl-C), and keeps it from ending until this is closed,
 * for some time. Opened first and closed last.
 */
public final class ShutdownSignal implements AutoCloseable {
  private final String who;
  private final Duration patience;
  private final CountDownLatch told = new CountDownLatch(1);
  private final CountDownLatch closed = new CountDownLatch(1);

  private ShutdownSignal(String who, Duration patience) {
    this.who = who;
    this.patience = patience;
  }

  /**
   * Listens from now on.
   *
   * @param who the command, for its last words
   * @param patience how long the JVM may be kept from ending
   */
  public static ShutdownSignal listen(String who, Duration patience) {
    ShutdownSignal call = new ShutdownSignal(who, patience);
    Runtime.getRuntime().addShutdownHook(new Thread(call::hold, who + "-end"));
    return call;
  }

  /** Waits up to this long for the signal, and returns whether it came. */
  public boolean cameWithin(long millis) throws InterruptedException {
    return told.await(millis, TimeUnit.MILLISECONDS);
  }

  /** Waits for the signal. */
  public void await() throws InterruptedException {
    told.await();
  }

  private void hold() {
    told.countDown();
    try {
      if (!closed.await(patience.toMillis(), TimeUnit.MILLISECONDS)) {
        System.err.println(who + ": not everything closed in time");
      }
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
  }

  @Override
  public void close() {
    closed.countDown();
  }
}

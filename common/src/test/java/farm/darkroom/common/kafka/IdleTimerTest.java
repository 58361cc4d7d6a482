package farm.darkroom.common.kafka;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import java.util.concurrent.Semaphore;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

class IdleTimerTest {
  private static final Duration SOON = Duration.ofMillis(20);
  private static final Duration LATE = Duration.ofHours(1);
  private final Semaphore runs = new Semaphore(0);
  private final IdleTimer idleTimer = new IdleTimer(runs::release);

  @AfterEach
  void close() {
    idleTimer.close();
  }

  @Test
  void shorterOneTakesThePlaceOfALongerOne() throws InterruptedException {
    idleTimer.begin(LATE);
    idleTimer.begin(SOON);
    assertRuns();
  }

  @Test
  void isBegunAnewAfterItRan() throws InterruptedException {
    idleTimer.begin(SOON);
    assertRuns();
    idleTimer.begin(SOON);
    assertRuns();
  }

  @Test
  void isBegunAnewAfterItWasCancelled() throws InterruptedException {
    idleTimer.begin(SOON);
    idleTimer.cancel();
    idleTimer.begin(SOON);
    assertRuns();
  }

  @Test
  void runsOnceForAllThatWereBegun() throws InterruptedException {
    for (int i = 0; i < 1000; i++) {
      idleTimer.cancel();
      idleTimer.begin(LATE);
    }
    idleTimer.begin(SOON);
    assertRuns();
    assertThat(runs.availablePermits()).isZero();
  }

  private void assertRuns() throws InterruptedException {
    assertThat(runs.tryAcquire(30, TimeUnit.SECONDS)).isTrue();
  }
}

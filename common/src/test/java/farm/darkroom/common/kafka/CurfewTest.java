package farm.darkroom.common.kafka;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import java.util.concurrent.Semaphore;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

class CurfewTest {
  private static final Duration SOON = Duration.ofMillis(20);
  private static final Duration LATE = Duration.ofHours(1);
  private final Semaphore runs = new Semaphore(0);
  private final Curfew curfew = new Curfew(runs::release);

  @AfterEach
  void close() {
    curfew.close();
  }

  @Test
  void shorterOneTakesThePlaceOfALongerOne() throws InterruptedException {
    curfew.begin(LATE);
    curfew.begin(SOON);
    assertRuns();
  }

  @Test
  void isBegunAnewAfterItRan() throws InterruptedException {
    curfew.begin(SOON);
    assertRuns();
    curfew.begin(SOON);
    assertRuns();
  }

  @Test
  void isBegunAnewAfterItWasCancelled() throws InterruptedException {
    curfew.begin(SOON);
    curfew.cancel();
    curfew.begin(SOON);
    assertRuns();
  }

  @Test
  void runsOnceForAllThatWereBegun() throws InterruptedException {
    for (int i = 0; i < 1000; i++) {
      curfew.cancel();
      curfew.begin(LATE);
    }
    curfew.begin(SOON);
    assertRuns();
    assertThat(runs.availablePermits()).isZero();
  }

  private void assertRuns() throws InterruptedException {
    assertThat(runs.tryAcquire(30, TimeUnit.SECONDS)).isTrue();
  }
}

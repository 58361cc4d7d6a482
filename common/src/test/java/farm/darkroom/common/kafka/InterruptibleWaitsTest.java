package farm.darkroom.common.kafka;

import static org.assertj.core.api.Assertions.assertThat;

import farm.darkroom.common.Await;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

/** A worker that is stopped while it joins: Kafka has stack traces for who is interrupted there. */
class InterruptibleWaitsTest {
  private final InterruptibleWaits waits = new InterruptibleWaits();

  @AfterEach
  void goOn() {
    boolean unused = Thread.interrupted();
  }

  @Test
  void aStopWaitsForWhatIsNotToBeDisturbed() {
    assertThat(waits.begin()).isTrue();
    Thread stopping = new Thread(waits::stop);
    boolean interrupted =
        waits.uninterrupted(
            () -> {
              stopping.start();
              Await.until(() -> stopping.getState() == Thread.State.BLOCKED);
              return Thread.currentThread().isInterrupted();
            });
    assertThat(interrupted).isFalse();
    Await.until(() -> Thread.currentThread().isInterrupted());
    assertThat(waits.isStopped()).isTrue();
  }

  @Test
  void aStopThatCameBeforeIsHeardAfterIt() {
    assertThat(waits.begin()).isTrue();
    waits.stop();
    assertThat(waits.uninterrupted(() -> Thread.currentThread().isInterrupted())).isFalse();
    assertThat(Thread.currentThread().isInterrupted()).isTrue();
  }
}

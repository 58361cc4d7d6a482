package farm.darkroom.common.kafka;

import static org.assertj.core.api.Assertions.assertThat;

import farm.darkroom.common.FailureKind;
import farm.darkroom.common.FarmException;
import java.time.Duration;
import java.time.Instant;
import org.junit.jupiter.api.Test;

class BrokerClockTest {
  private static final Instant NOON = Instant.parse("2026-01-31T12:00:00Z");
  private long nanos;
  private boolean out;
  private Instant said = NOON;
  private final BrokerClock time = new BrokerClock(this::ask, () -> nanos);

  @Test
  void aBrokerThatWasOutIsAskedAgain() {
    out = true;
    assertThat(time.now()).isEmpty();
    out = false;
    pass(BrokerClock.AGAIN_IN_VAIN);
    assertThat(time.now()).contains(NOON);
  }

  @Test
  void betweenItsAnswersASteadyClockCounts() {
    assertThat(time.now()).contains(NOON);
    said = NOON.plusSeconds(1000);
    pass(Duration.ofSeconds(7));
    assertThat(time.now()).contains(NOON.plusSeconds(7));
  }

  @Test
  void aMachineThatSleptHearsTheTimeAgain() {
    assertThat(time.now()).contains(NOON);
    said = NOON.plus(Duration.ofHours(8));
    pass(BrokerClock.AGAIN);
    assertThat(time.now()).contains(said);
  }

  @Test
  void whatItSaidHoldsWhileItIsOut() {
    assertThat(time.now()).contains(NOON);
    out = true;
    pass(BrokerClock.AGAIN);
    assertThat(time.now()).contains(NOON.plus(BrokerClock.AGAIN));
  }

  private void pass(Duration some) {
    nanos += some.toNanos();
  }

  private Instant ask() {
    if (out) {
      throw new FarmException(FailureKind.QUEUE_UNAVAILABLE, "broker is out");
    }
    return said;
  }
}

package farm.darkroom.infra;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import farm.darkroom.common.FailureKind;
import farm.darkroom.common.FarmException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.Test;

class StartupRetryTest {
  private final List<String> said = new ArrayList<>();
  private Duration now = Duration.ofDays(1);
  private int calls;

  @Test
  void outageIsWaitedForAndReportedOnce() {
    assertThat(startup(Optional.of(StartupRetry.PATIENCE)).untilAnswered(() -> answer(4)))
        .isEqualTo("there");
    assertThat(said).containsExactly("no broker; trying again for 120 s");
    assertThat(now).isEqualTo(Duration.ofDays(1).plusSeconds(1 + 2 + 4));
  }

  @Test
  void refusalIsReportedAtOnce() {
    FarmException refusal = new FarmException(FailureKind.STORE_UNAVAILABLE, "access denied");
    assertThatThrownBy(
            () ->
                startup(Optional.empty())
                    .untilAnswered(
                        () -> {
                          calls++;
                          throw refusal;
                        }))
        .isSameAs(refusal);
    assertThat(calls).isOne();
    assertThat(said).isEmpty();
  }

  @Test
  void retriesEndAfterTheLimit() {
    assertThatThrownBy(
            () -> startup(Optional.of(StartupRetry.PATIENCE)).untilAnswered(() -> answer(1000)))
        .hasMessage("no broker");
    assertThat(now).isBetween(Duration.ofDays(1).plusMinutes(2), Duration.ofDays(1).plusMinutes(3));
  }

  @Test
  void supervisedWorkerRetriesForEver() {
    assertThat(startup(Optional.empty()).untilAnswered(() -> answer(10_000))).isEqualTo("there");
    assertThat(said).containsExactly("no broker; trying again");
  }

  private String answer(int call) {
    calls++;
    if (calls < call) {
      throw new FarmException(FailureKind.QUEUE_UNAVAILABLE, "no broker", null, true);
    }
    return "there";
  }

  private StartupRetry startup(Optional<Duration> most) {
    return new StartupRetry(most, () -> now.toNanos(), wait -> now = now.plus(wait), said::add);
  }
}

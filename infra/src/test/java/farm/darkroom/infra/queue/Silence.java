package farm.darkroom.infra.queue;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import farm.darkroom.common.FailureKind;
import farm.darkroom.common.FarmException;
import farm.darkroom.common.kafka.KafkaSettings;
import java.time.Duration;
import org.assertj.core.api.ThrowableAssert.ThrowingCallable;

/** A broker that does not answer. */
final class Silence {
  /** Where no broker is, with little patience. */
  static final KafkaSettings NOBODY =
      KafkaSettings.of("127.0.0.1:1").withPatience(Duration.ofSeconds(1));

  /** More than any patience here, and less than what waits for each of many things in turn. */
  private static final Duration BOUND = Duration.ofSeconds(30);

  private Silence() {}

  /** The call ends in time, with a failure that says so and may pass. */
  static void isSaidBy(ThrowingCallable call) {
    long start = System.nanoTime();
    assertThatThrownBy(call)
        .isInstanceOfSatisfying(
            FarmException.class,
            e -> {
              assertThat(e.kind()).isEqualTo(FailureKind.QUEUE_UNAVAILABLE);
              assertThat(e.isTransient()).isTrue();
            })
        .hasMessageContaining("127.0.0.1:")
        .hasMessageContaining("no broker answers at this address");
    assertThat(Duration.ofNanos(System.nanoTime() - start)).isLessThan(BOUND);
  }
}

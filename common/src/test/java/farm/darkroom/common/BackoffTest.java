package farm.darkroom.common;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import java.util.Random;
import java.util.stream.IntStream;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.constraints.IntRange;
import org.junit.jupiter.api.Test;

class BackoffTest {
  private final Backoff backoff = new Backoff(Duration.ofMillis(100), Duration.ofSeconds(5));

  @Test
  void waitsDoubleUpToTheLongest() {
    assertThat(IntStream.rangeClosed(1, 8).mapToObj(backoff::after).map(Duration::toMillis))
        .containsExactly(100L, 200L, 400L, 800L, 1600L, 3200L, 5000L, 5000L);
  }

  @Test
  void requestedWaitIsBounded() {
    assertThat(backoff.bounded(Duration.ofSeconds(2))).isEqualTo(Duration.ofSeconds(2));
    assertThat(backoff.bounded(Duration.ofDays(2))).isEqualTo(Duration.ofSeconds(5));
  }

  @Property
  void jitterStaysBetweenHalfAndAll(@ForAll @IntRange(min = 1, max = 1000) int failures) {
    Duration full = backoff.after(failures);
    assertThat(backoff.after(failures, new Random(failures))).isBetween(full.dividedBy(2), full);
    assertThat(full).isLessThanOrEqualTo(Duration.ofSeconds(5));
    assertThat(full).isLessThanOrEqualTo(backoff.after(failures + 1));
  }
}

package farm.darkroom.worker.lease;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import java.util.Random;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.constraints.IntRange;

class BackoffTest {
  private final Backoff backoff = new Backoff(Duration.ofMillis(100), Duration.ofSeconds(5));

  @Property
  void jitterStaysBetweenHalfAndAll(@ForAll @IntRange(min = 1, max = 1000) int failures) {
    Duration full = backoff.after(failures);
    assertThat(backoff.after(failures, new Random(failures))).isBetween(full.dividedBy(2), full);
    assertThat(full).isLessThanOrEqualTo(Duration.ofSeconds(5));
    assertThat(full).isLessThanOrEqualTo(backoff.after(failures + 1));
  }
}

package farm.darkroom.common.kafka;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import farm.darkroom.common.FailureKind;
import farm.darkroom.common.FarmException;
import java.util.Map;
import java.util.Optional;
import java.util.function.Supplier;
import org.junit.jupiter.api.Test;

class QueueDepthsTest {
  private long now = 1_000;
  private long jobs;
  private int questions;
  private Optional<FarmException> failure = Optional.empty();
  private final QueueDepths depths = new QueueDepths(this::asked, () -> now);

  @Test
  void prefetchedDepthIsAwaitedNotAskedAgain() {
    depths.refreshSince(now);
    jobs = 7;
    now += 50;
    assertThat(depths.since(1_000)).containsEntry("t", 7L);
    jobs = 8;
    assertThat(depths.since(1_000)).containsEntry("t", 7L);
    assertThat(questions).isEqualTo(1);
  }

  @Test
  void staleDepthIsAskedAgain() {
    depths.refreshSince(now);
    now += 50;
    jobs = 3;
    assertThat(depths.since(now)).containsEntry("t", 3L);
    assertThat(questions).isEqualTo(2);
  }

  @Test
  void freshDepthIsReturnedAtOnce() {
    jobs = 3;
    depths.since(now);
    now += 50;
    jobs = 4;
    depths.refreshSince(now);
    assertThat(depths.since(now - 50)).containsEntry("t", 3L);
    assertThat(depths.since(now)).containsEntry("t", 4L);
    assertThat(questions).isEqualTo(2);
  }

  @Test
  void nothingIsAskedTwiceWithinTheTimeThatIsNamed() {
    depths.refreshSince(now);
    now += 50;
    depths.refreshSince(now - 50);
    assertThat(questions).isEqualTo(1);
  }

  @Test
  void failedQuestionIsAskedAgain() {
    failure = Optional.of(new FarmException(FailureKind.QUEUE_UNAVAILABLE, "no broker"));
    depths.refreshSince(now);
    assertThatThrownBy(() -> depths.since(now)).hasMessage("no broker");
    failure = Optional.empty();
    jobs = 2;
    assertThat(depths.since(now)).containsEntry("t", 2L);
  }

  /** The answer is what holds when somebody waits for it. */
  private Supplier<Map<String, Long>> asked() {
    questions++;
    return () -> {
      failure.ifPresent(
          e -> {
            throw e;
          });
      return Map.of("t", jobs);
    };
  }
}

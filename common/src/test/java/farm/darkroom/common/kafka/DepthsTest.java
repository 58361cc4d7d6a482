package farm.darkroom.common.kafka;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import farm.darkroom.common.FarmException;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import org.apache.kafka.common.errors.TimeoutException;
import org.junit.jupiter.api.Test;

class DepthsTest {
  private final List<CompletableFuture<Map<String, Long>>> asked = new ArrayList<>();
  private boolean late;
  private long jobs;
  private final Depths depths = new Depths(this::ask, new KafkaFailures("localhost:9092", true));

  private CompletableFuture<Map<String, Long>> ask() {
    CompletableFuture<Map<String, Long>> answer =
        late ? new CompletableFuture<>() : CompletableFuture.completedFuture(holding(jobs));
    asked.add(answer);
    return answer;
  }

  @Test
  void whatIsFreshEnoughIsNotAskedAgain() {
    long before = System.nanoTime();
    assertThat(depths.since(before)).isEqualTo(holding(0));
    jobs = 3;
    assertThat(depths.since(before)).isEqualTo(holding(0));
    assertThat(depths.since(System.nanoTime())).isEqualTo(holding(3));
    assertThat(asked).hasSize(2);
  }

  @Test
  void untilALateAnswerIsThereTheOneBeforeItCounts() {
    assertThat(depths.about(System.nanoTime())).as("the first is waited for").isEqualTo(holding(0));
    late = true;
    assertThat(depths.about(System.nanoTime())).isEqualTo(holding(0));
    assertThat(depths.about(System.nanoTime())).isEqualTo(holding(0));
    assertThat(asked).as("one question at a time").hasSize(2);
    asked.get(1).complete(holding(5));
    assertThat(depths.about(System.nanoTime())).isEqualTo(holding(5));
  }

  @Test
  void whoMustKnowTakesNoAnswerToAnOldQuestion() {
    assertThat(depths.since(System.nanoTime())).isEqualTo(holding(0));
    late = true;
    assertThat(depths.about(System.nanoTime())).isEqualTo(holding(0));
    asked.get(1).complete(holding(5));
    late = false;
    jobs = 7;
    assertThat(depths.since(System.nanoTime())).isEqualTo(holding(7));
  }

  @Test
  void aBrokerThatIsAwayIsSaid() {
    assertThat(depths.since(System.nanoTime())).isEqualTo(holding(0));
    late = true;
    assertThat(depths.about(System.nanoTime())).isEqualTo(holding(0));
    asked.get(1).completeExceptionally(new TimeoutException("no answer"));
    long now = System.nanoTime();
    assertThatThrownBy(() -> depths.about(now)).isInstanceOf(FarmException.class);
  }

  private static Map<String, Long> holding(long jobs) {
    return Map.of("darkroom.q.normal", jobs);
  }
}

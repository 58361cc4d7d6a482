package farm.darkroom.common.kafka;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.time.Duration;
import java.util.Arrays;
import java.util.List;
import java.util.concurrent.ExecutionException;
import java.util.function.Supplier;
import org.apache.kafka.common.KafkaFuture;
import org.apache.kafka.common.internals.KafkaFutureImpl;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

@Timeout(20)
class FirstAnswerTest {
  private static final Duration LATE = Duration.ofMillis(1);
  private final KafkaFutureImpl<String> silent = new KafkaFutureImpl<>();

  @Test
  void nobodyElseIsAskedWhenTheAnswerComesInTime() throws Exception {
    assertThat(first(KafkaFuture.completedFuture("one"), null).get()).isEqualTo("one");
  }

  @Test
  void theNextIsAskedWhileTheAnswerIsLate() throws Exception {
    KafkaFuture<String> two = KafkaFuture.completedFuture("two");
    assertThat(first(silent, silent, two).get()).isEqualTo("two");
  }

  @Test
  void aLateAnswerCountsWhereNobodyElseHasOne() throws Exception {
    FirstAnswer<String> answer =
        new FirstAnswer<>(
            List.of(
                () -> silent,
                () -> {
                  silent.complete("late");
                  return new KafkaFutureImpl<>();
                }),
            LATE);
    assertThat(answer.get()).isEqualTo("late");
  }

  @Test
  void aFailureIsAnAnswer() {
    KafkaFutureImpl<String> failed = new KafkaFutureImpl<>();
    failed.completeExceptionally(new IllegalStateException("away"));
    assertThatThrownBy(first(silent, failed)::get)
        .isInstanceOf(ExecutionException.class)
        .hasRootCauseMessage("away");
  }

  /** Asking the one that is null fails. */
  @SafeVarargs
  private static FirstAnswer<String> first(KafkaFuture<String>... answers) {
    return new FirstAnswer<>(
        Arrays.stream(answers).<Supplier<KafkaFuture<String>>>map(answer -> () -> answer).toList(),
        LATE);
  }
}

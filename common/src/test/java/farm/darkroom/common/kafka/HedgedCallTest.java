package farm.darkroom.common.kafka;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.time.Duration;
import java.util.List;
import java.util.concurrent.ExecutionException;
import java.util.function.Supplier;
import org.apache.kafka.common.KafkaFuture;
import org.apache.kafka.common.internals.KafkaFutureImpl;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

@Timeout(20)
class HedgedCallTest {
  private static final Duration LATE = Duration.ofMillis(1);
  private final KafkaFutureImpl<String> silent = new KafkaFutureImpl<>();

  @Test
  void secondCallIsNotMadeWhenTheFirstAnswersInTime() throws Exception {
    Supplier<KafkaFuture<String>> other =
        () -> {
          throw new AssertionError("asked");
        };
    assertThat(first(() -> KafkaFuture.completedFuture("one"), other).get()).isEqualTo("one");
  }

  @Test
  void secondCallIsMadeWhenTheFirstIsLate() throws Exception {
    KafkaFuture<String> three = KafkaFuture.completedFuture("three");
    assertThat(first(() -> silent, KafkaFutureImpl::new, () -> three).get()).isEqualTo("three");
  }

  @Test
  void lateAnswerCountsWhenItIsTheOnlyOne() throws Exception {
    Supplier<KafkaFuture<String>> deaf =
        () -> {
          silent.complete("late");
          return new KafkaFutureImpl<>();
        };
    assertThat(first(() -> silent, deaf).get()).isEqualTo("late");
  }

  @Test
  void failureOfTheOnlyCallIsThrown() {
    assertThatThrownBy(first(() -> failed("away"), () -> silent)::get)
        .isInstanceOf(ExecutionException.class)
        .hasRootCauseMessage("away");
  }

  @Test
  void failureIsIgnoredWhileAnotherCallMayAnswer() throws Exception {
    Supplier<KafkaFuture<String>> closed =
        () -> {
          throw new IllegalStateException("closed");
        };
    Supplier<KafkaFuture<String>> deaf =
        () -> {
          silent.complete("late");
          return new KafkaFutureImpl<>();
        };
    assertThat(first(() -> silent, closed, () -> failed("away"), deaf).get()).isEqualTo("late");
  }

  @Test
  void lastFailureIsThrownWhenAllFail() {
    Supplier<KafkaFuture<String>> breaking =
        () -> {
          silent.completeExceptionally(new IllegalStateException("away"));
          return failed("away too");
        };
    assertThatThrownBy(first(() -> silent, breaking)::get)
        .isInstanceOf(ExecutionException.class)
        .hasRootCauseMessage("away too");
  }

  private static KafkaFuture<String> failed(String why) {
    KafkaFutureImpl<String> failed = new KafkaFutureImpl<>();
    failed.completeExceptionally(new IllegalStateException(why));
    return failed;
  }

  @SafeVarargs
  @SuppressWarnings("varargs") // they are copied into a list
  private static HedgedCall<String> first(Supplier<KafkaFuture<String>>... ways) {
    return new HedgedCall<>(List.of(ways), LATE);
  }
}

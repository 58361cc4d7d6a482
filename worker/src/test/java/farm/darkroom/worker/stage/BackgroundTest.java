package farm.darkroom.worker.stage;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatCode;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import farm.darkroom.worker.health.ManualTime;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.slf4j.MDC;

class BackgroundTest {
  private final ManualTime time = new ManualTime();
  private final List<Runnable> threads = new ArrayList<>();
  private final Background background = new Background(threads::add, time);

  @AfterEach
  void clear() {
    MDC.clear();
  }

  @Test
  void firstRunsInOwnThread() {
    Background.Work<String> work = background.begin(() -> "there");
    assertThat(work.answer()).isNotDone();
    threads.forEach(Runnable::run);
    assertThat(work.answer()).succeedsWithin(Duration.ZERO).isEqualTo("there");
  }

  @Test
  void runsInlineAfterAnInstantRender() {
    background.begin(() -> "there").isNeeded();
    assertThat(background.begin(() -> "here").answer())
        .succeedsWithin(Duration.ZERO)
        .isEqualTo("here");
    assertThat(threads).hasSize(1);
  }

  @Test
  void runsInOwnThreadAfterSlowRender() {
    background.begin(() -> "there").isNeeded();
    Background.Work<String> slow = background.begin(() -> "here");
    time.advance(Duration.ofMillis(50));
    slow.isNeeded();
    assertThat(background.begin(() -> "there").answer()).isNotDone();
  }

  @Test
  void awaitedLookupMayFail() {
    CompletableFuture<Boolean> stored = CompletableFuture.failedFuture(new StackOverflowError());
    RecordLookup lookup = new RecordLookup(stored, () -> true);
    assertThatCode(lookup::await).doesNotThrowAnyException();
    assertThatThrownBy(lookup::settle).isInstanceOf(StackOverflowError.class);
  }

  /** The steps themselves are no time in which anything else could be done. */
  @Test
  void onlyTheFirstNeedCounts() {
    Background.Work<String> work = background.begin(() -> "there");
    work.isNeeded();
    time.advance(Duration.ofMinutes(1));
    work.isNeeded();
    assertThat(background.begin(() -> "here").answer()).isDone();
  }

  @Test
  void inlineRunKeepsLogContext() {
    MDC.put("job", "a");
    background.begin(() -> "there").isNeeded();
    Background.Work<Map<String, String>> work = background.begin(MDC::getCopyOfContextMap);
    assertThat(work.answer()).succeedsWithin(Duration.ZERO).isEqualTo(Map.of("job", "a"));
    assertThat(MDC.get("job")).isEqualTo("a");
  }

  @Test
  void threadsInheritLogContext() {
    MDC.put("job", "a");
    Background.Work<Map<String, String>> work = background.begin(MDC::getCopyOfContextMap);
    MDC.clear();
    threads.forEach(Runnable::run);
    assertThat(work.answer()).succeedsWithin(Duration.ZERO).isEqualTo(Map.of("job", "a"));
    assertThat(MDC.get("job")).isNull();
  }
}

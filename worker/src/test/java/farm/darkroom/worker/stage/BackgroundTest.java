package farm.darkroom.worker.stage;

import static org.assertj.core.api.Assertions.assertThat;

import farm.darkroom.worker.pulse.ManualTime;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.slf4j.MDC;

class BesideTest {
  private final ManualTime time = new ManualTime();
  private final List<Runnable> threads = new ArrayList<>();
  private final Beside beside = new Beside(threads::add, time);

  @AfterEach
  void clear() {
    MDC.clear();
  }

  @Test
  void firstGoesOnInAThreadOfItsOwn() {
    Beside.Work<String> work = beside.begin(() -> "there");
    assertThat(work.answer()).isNotDone();
    threads.forEach(Runnable::run);
    assertThat(work.answer()).succeedsWithin(Duration.ZERO).isEqualTo("there");
  }

  @Test
  void isDoneAtOnceWhereTheLastStepCameAtOnce() {
    beside.begin(() -> "there").isNeeded();
    assertThat(beside.begin(() -> "here").answer()).succeedsWithin(Duration.ZERO).isEqualTo("here");
    assertThat(threads).hasSize(1);
  }

  @Test
  void goesOnBesideAgainBehindARenderThatTookItsTime() {
    beside.begin(() -> "there").isNeeded();
    Beside.Work<String> slow = beside.begin(() -> "here");
    time.advance(Duration.ofMillis(50));
    slow.isNeeded();
    assertThat(beside.begin(() -> "there").answer()).isNotDone();
  }

  /** The steps themselves are no time in which anything else could be done. */
  @Test
  void onlyTheFirstNeedCounts() {
    Beside.Work<String> work = beside.begin(() -> "there");
    work.isNeeded();
    time.advance(Duration.ofMinutes(1));
    work.isNeeded();
    assertThat(beside.begin(() -> "here").answer()).isDone();
  }

  @Test
  void whatIsDoneAtOnceLeavesTheLogsContextAlone() {
    MDC.put("job", "a");
    beside.begin(() -> "there").isNeeded();
    Beside.Work<Map<String, String>> work = beside.begin(MDC::getCopyOfContextMap);
    assertThat(work.answer()).succeedsWithin(Duration.ZERO).isEqualTo(Map.of("job", "a"));
    assertThat(MDC.get("job")).isEqualTo("a");
  }

  @Test
  void threadsHaveTheLogsContext() {
    MDC.put("job", "a");
    Beside.Work<Map<String, String>> work = beside.begin(MDC::getCopyOfContextMap);
    MDC.clear();
    threads.forEach(Runnable::run);
    assertThat(work.answer()).succeedsWithin(Duration.ZERO).isEqualTo(Map.of("job", "a"));
    assertThat(MDC.get("job")).isNull();
  }
}

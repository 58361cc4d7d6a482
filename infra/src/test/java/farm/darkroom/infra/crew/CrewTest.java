package farm.darkroom.infra.crew;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatCode;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import farm.darkroom.common.FarmException;
import java.io.IOException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;

class CrewTest {
  private static final int KILLED = 137;

  private final List<Hand> hired = new ArrayList<>();
  private long now = 1;
  private boolean unable;
  private final Crew crew = crew("a");

  /** A member that ends when the test says so. */
  private static final class Hand implements Member {
    private final String name;
    private Integer exit;
    private boolean tidied;

    Hand(String name) {
      this.name = name;
    }

    @Override
    public boolean isAlive() {
      return exit == null;
    }

    @Override
    public int exitCode() {
      return exit;
    }

    @Override
    public void tidy() {
      tidied = true;
    }

    @Override
    public void tell() {}

    @Override
    public void close() {}
  }

  @Test
  void everyPostIsFilledOnce() {
    Crew two = crew("a", "b");
    two.muster();
    two.muster();
    assertThat(hired).extracting(hand -> hand.name).containsExactly("a", "b");
  }

  @Test
  void whoEndsSoonIsReplacedLaterEachTime() {
    crew.muster();
    for (long pause : new long[] {1, 2, 4, 8, 16, 32, 60, 60}) {
      int before = hired.size();
      end(KILLED);
      crew.muster();
      pass(Duration.ofSeconds(pause).minusMillis(1));
      crew.muster();
      assertThat(hired).as("before %d s", pause).hasSize(before);
      pass(Duration.ofMillis(1));
      crew.muster();
      assertThat(hired).as("after %d s", pause).hasSize(before + 1);
    }
  }

  @Test
  void whoLivedAGoodWhileIsReplacedAtOnceAgain() {
    crew.muster();
    for (int i = 0; i < 6; i++) {
      end(KILLED);
      crew.muster();
      pass(Crew.PAUSE.longest());
      crew.muster();
    }
    pass(Crew.SETTLED);
    end(KILLED);
    crew.muster();
    int before = hired.size();
    pass(Crew.PAUSE.first());
    crew.muster();
    assertThat(hired).hasSize(before + 1);
  }

  @Test
  void aCrewWhereEverybodyGivesUpIsGivenUp() {
    Crew two = crew("a", "b");
    two.musterWhileAnyCanWork();
    for (int i = 1; i < Crew.MOST_ENDS; i++) {
      hired.forEach(hand -> hand.exit = 1);
      two.musterWhileAnyCanWork();
      pass(Crew.PAUSE.longest());
      two.musterWhileAnyCanWork();
    }
    hired.forEach(hand -> hand.exit = 1);
    assertThatThrownBy(two::musterWhileAnyCanWork)
        .isInstanceOf(FarmException.class)
        .hasMessageContaining("worker a ended 3 times, at last with exit code 1");
  }

  @Test
  void whoGaveUpIsNamedAndNotWhoLeft() {
    Crew two = crew("a", "b");
    two.musterWhileAnyCanWork();
    hired.get(0).exit = 0;
    for (int i = 1; i < Crew.MOST_ENDS; i++) {
      end(1);
      two.musterWhileAnyCanWork();
      pass(Crew.PAUSE.longest());
      two.musterWhileAnyCanWork();
    }
    end(1);
    assertThatThrownBy(two::musterWhileAnyCanWork)
        .hasMessageContaining("worker b ended 3 times, at last with exit code 1");
  }

  @Test
  void aCrewWhereOneWorksGoesOn() {
    Crew two = crew("a", "b");
    two.musterWhileAnyCanWork();
    for (int i = 0; i < 10; i++) {
      hired.stream().filter(hand -> hand.name.equals("a")).forEach(hand -> hand.exit = 1);
      two.musterWhileAnyCanWork();
      pass(Crew.PAUSE.longest());
      two.musterWhileAnyCanWork();
    }
    assertThat(hired).hasSize(12);
  }

  @Test
  void killsAreNoReasonToGiveUp() {
    crew.musterWhileAnyCanWork();
    for (int i = 0; i < 5; i++) {
      end(KILLED);
      crew.musterWhileAnyCanWork();
      pass(Crew.PAUSE.longest());
      assertThatCode(crew::musterWhileAnyCanWork).doesNotThrowAnyException();
    }
  }

  @Test
  void whoLeavesOfItsOwnAccordIsNotReplaced() {
    Crew two = crew("a", "b");
    two.muster();
    hired.get(0).exit = 0;
    two.muster();
    pass(Crew.PAUSE.longest());
    two.musterWhileAnyCanWork();
    assertThat(hired).hasSize(2);
    assertThat(two.hasLeft()).isFalse();
    hired.get(1).exit = 0;
    two.musterWhileAnyCanWork();
    assertThat(two.hasLeft()).isTrue();
  }

  @Test
  void whoWaitsForAWorkerThatCannotLiveGivesUp() {
    crew.musterOrGiveUp();
    for (int i = 1; i < Crew.MOST_ENDS; i++) {
      end(KILLED);
      crew.musterOrGiveUp();
      pass(Crew.PAUSE.longest());
      crew.musterOrGiveUp();
    }
    end(KILLED);
    assertThatThrownBy(crew::musterOrGiveUp).isInstanceOf(FarmException.class);
  }

  /** For want of memory, say. */
  @Test
  void whoCannotBeStartedIsTriedAgainLaterEachTime() {
    unable = true;
    crew.muster();
    crew.muster();
    pass(Crew.PAUSE.first());
    crew.muster();
    crew.muster();
    unable = false;
    pass(Crew.PAUSE.first());
    crew.muster();
    assertThat(hired).as("the second pause is longer").isEmpty();
    pass(Crew.PAUSE.first());
    crew.muster();
    assertThat(hired).hasSize(1);
  }

  @Test
  void aCrewOfWhichNobodyCanBeStartedIsGivenUp() {
    unable = true;
    assertThatThrownBy(
            () -> {
              for (int i = 0; i < 10; i++) {
                crew.musterWhileAnyCanWork();
                pass(Crew.PAUSE.longest());
              }
            })
        .isInstanceOf(FarmException.class)
        .hasMessageContaining("worker a ended 3 times");
  }

  @Test
  void whoLivesIsTidiedUpAfter() {
    crew.muster();
    assertThat(hired.get(0).tidied).isFalse();
    crew.muster();
    assertThat(hired.get(0).tidied).isTrue();
  }

  @Test
  void allAreToldBeforeAnyIsWaitedFor() {
    List<String> order = new ArrayList<>();
    Crew two =
        new Crew(
            List.of(new WorkerSpec("a", List.of()), new WorkerSpec("b", List.of())),
            post -> new Telling(post.name(), order),
            () -> now);
    two.muster();
    two.close();
    assertThat(order).containsExactly("tell a", "tell b", "close a", "close b");
  }

  private record Telling(String name, List<String> order) implements Member {
    @Override
    public boolean isAlive() {
      return true;
    }

    @Override
    public int exitCode() {
      return 0;
    }

    @Override
    public void tidy() {}

    @Override
    public void tell() {
      order.add("tell " + name);
    }

    @Override
    public void close() {
      order.add("close " + name);
    }
  }

  private Crew crew(String... names) {
    List<WorkerSpec> posts =
        List.of(names).stream().map(name -> new WorkerSpec(name, List.of())).toList();
    return new Crew(posts, this::hire, () -> now);
  }

  private Member hire(WorkerSpec post) throws IOException {
    if (unable) {
      throw new IOException("Cannot run program: error=12, Cannot allocate memory");
    }
    Hand hand = new Hand(post.name());
    hired.add(hand);
    return hand;
  }

  private void end(int code) {
    hired.get(hired.size() - 1).exit = code;
  }

  private void pass(Duration time) {
    now += time.toNanos();
  }
}

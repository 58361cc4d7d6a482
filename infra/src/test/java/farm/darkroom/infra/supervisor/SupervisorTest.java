package farm.darkroom.infra.supervisor;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatCode;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import ch.qos.logback.classic.Logger;
import ch.qos.logback.classic.spi.ILoggingEvent;
import ch.qos.logback.core.read.ListAppender;
import farm.darkroom.common.FarmException;
import java.io.IOException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.slf4j.LoggerFactory;

class SupervisorTest {
  private static final int KILLED = 137;

  private final List<FakeProcess> started = new ArrayList<>();
  private long now = 1;
  private boolean unable;
  private final Supervisor supervisor = supervisor("a");

  /** A process that ends when the test says so. */
  private static final class FakeProcess implements WorkerHandle {
    private final String name;
    private Integer exit;
    private boolean tidied;

    FakeProcess(String name) {
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
    public String lastLogLine() {
      return "worker: gave up: no GPU";
    }

    @Override
    public void trimFiles() {
      tidied = true;
    }

    @Override
    public void requestStop() {}

    @Override
    public void close() {}
  }

  @Test
  void everyWorkerIsStartedOnce() {
    Supervisor two = supervisor("a", "b");
    two.startMissing();
    two.startMissing();
    assertThat(started).extracting(process -> process.name).containsExactly("a", "b");
  }

  @Test
  void earlyExitIsRestartedWithGrowingDelay() {
    supervisor.startMissing();
    for (long pause : new long[] {1, 2, 4, 8, 16, 32, 60, 60}) {
      int before = started.size();
      end(KILLED);
      supervisor.startMissing();
      pass(Duration.ofSeconds(pause).minusMillis(1));
      supervisor.startMissing();
      assertThat(started).as("before %d s", pause).hasSize(before);
      pass(Duration.ofMillis(1));
      supervisor.startMissing();
      assertThat(started).as("after %d s", pause).hasSize(before + 1);
    }
  }

  @Test
  void lateExitIsRestartedAtOnce() {
    supervisor.startMissing();
    for (int i = 0; i < 6; i++) {
      end(KILLED);
      supervisor.startMissing();
      pass(Supervisor.PAUSE.longest());
      supervisor.startMissing();
    }
    pass(Supervisor.SETTLED);
    end(KILLED);
    supervisor.startMissing();
    int before = started.size();
    pass(Supervisor.PAUSE.first());
    supervisor.startMissing();
    assertThat(started).hasSize(before + 1);
  }

  @Test
  void supervisorEndsWhenEveryWorkerGaveUp() {
    Supervisor two = supervisor("a", "b");
    two.startMissingWhileAnyWorks();
    for (int i = 1; i < Supervisor.MOST_ENDS; i++) {
      started.forEach(process -> process.exit = 1);
      two.startMissingWhileAnyWorks();
      pass(Supervisor.PAUSE.longest());
      two.startMissingWhileAnyWorks();
    }
    started.forEach(process -> process.exit = 1);
    assertThatThrownBy(two::startMissingWhileAnyWorks)
        .isInstanceOf(FarmException.class)
        .hasMessageContaining(
            "worker a ended 3 times; the last one ended with exit code 1: worker: gave up: no GPU");
  }

  @Test
  void workersThatGaveUpAreNamed() {
    Supervisor two = supervisor("a", "b");
    two.startMissingWhileAnyWorks();
    started.get(0).exit = 0;
    for (int i = 1; i < Supervisor.MOST_ENDS; i++) {
      end(1);
      two.startMissingWhileAnyWorks();
      pass(Supervisor.PAUSE.longest());
      two.startMissingWhileAnyWorks();
    }
    end(1);
    assertThatThrownBy(two::startMissingWhileAnyWorks)
        .hasMessageContaining("worker b ended 3 times; the last one ended with exit code 1");
  }

  @Test
  void supervisorContinuesWhileOneWorks() {
    Supervisor two = supervisor("a", "b");
    two.startMissingWhileAnyWorks();
    for (int i = 0; i < 10; i++) {
      started.stream()
          .filter(process -> process.name.equals("a"))
          .forEach(process -> process.exit = 1);
      two.startMissingWhileAnyWorks();
      pass(Supervisor.PAUSE.longest());
      two.startMissingWhileAnyWorks();
    }
    assertThat(started).hasSize(12);
  }

  @Test
  void killsAreNoReasonToGiveUp() {
    supervisor.startMissingWhileAnyWorks();
    for (int i = 0; i < 5; i++) {
      end(KILLED);
      supervisor.startMissingWhileAnyWorks();
      pass(Supervisor.PAUSE.longest());
      assertThatCode(supervisor::startMissingWhileAnyWorks).doesNotThrowAnyException();
    }
  }

  @Test
  void drainedWorkerIsNotRestarted() {
    Supervisor two = supervisor("a", "b");
    two.startMissing();
    started.get(0).exit = 0;
    two.startMissing();
    pass(Supervisor.PAUSE.longest());
    two.startMissingWhileAnyWorks();
    assertThat(started).hasSize(2);
    assertThat(two.hasLeft()).isFalse();
    started.get(1).exit = 0;
    two.startMissingWhileAnyWorks();
    assertThat(two.hasLeft()).isTrue();
  }

  /** What ends here starts nothing again. */
  @Test
  void theEndThatIsTheLastPromisesNothing() {
    Logger logger = (Logger) LoggerFactory.getLogger(Supervisor.class);
    ListAppender<ILoggingEvent> said = new ListAppender<>();
    said.start();
    logger.addAppender(said);
    try {
      waitingForAWorkerThatCannotStartEnds();
    } finally {
      logger.detachAppender(said);
    }
    assertThat(said.list)
        .hasSize(Supervisor.MOST_ENDS - 1)
        .allSatisfy(line -> assertThat(line.getFormattedMessage()).contains("is started again"));
  }

  @Test
  void waitingForAWorkerThatCannotStartEnds() {
    supervisor.startMissingOrFail();
    for (int i = 1; i < Supervisor.MOST_ENDS; i++) {
      end(KILLED);
      supervisor.startMissingOrFail();
      pass(Supervisor.PAUSE.longest());
      supervisor.startMissingOrFail();
    }
    end(KILLED);
    assertThatThrownBy(supervisor::startMissingOrFail).isInstanceOf(FarmException.class);
  }

  /** For want of memory, say. */
  @Test
  void failedStartIsRetriedWithGrowingDelay() {
    unable = true;
    supervisor.startMissing();
    supervisor.startMissing();
    pass(Supervisor.PAUSE.first());
    supervisor.startMissing();
    supervisor.startMissing();
    unable = false;
    pass(Supervisor.PAUSE.first());
    supervisor.startMissing();
    assertThat(started).as("the second pause is longer").isEmpty();
    pass(Supervisor.PAUSE.first());
    supervisor.startMissing();
    assertThat(started).hasSize(1);
  }

  @Test
  void supervisorEndsWhenNoWorkerCanBeStarted() {
    unable = true;
    assertThatThrownBy(
            () -> {
              for (int i = 0; i < 10; i++) {
                supervisor.startMissingWhileAnyWorks();
                pass(Supervisor.PAUSE.longest());
              }
            })
        .isInstanceOf(FarmException.class)
        .hasMessageContaining("worker a ended 3 times");
  }

  @Test
  void runningWorkersAreTidiedUpEachRound() {
    supervisor.startMissing();
    assertThat(started.get(0).tidied).isFalse();
    supervisor.startMissing();
    assertThat(started.get(0).tidied).isTrue();
  }

  @Test
  void allWorkersAreToldToStopBeforeAnyIsAwaited() {
    List<String> order = new ArrayList<>();
    Supervisor two =
        new Supervisor(
            List.of(new WorkerSpec("a", List.of()), new WorkerSpec("b", List.of())),
            spec -> new Telling(spec.name(), order),
            () -> now);
    two.startMissing();
    two.close();
    assertThat(order).containsExactly("tell a", "tell b", "close a", "close b");
  }

  private record Telling(String name, List<String> order) implements WorkerHandle {
    @Override
    public boolean isAlive() {
      return true;
    }

    @Override
    public int exitCode() {
      return 0;
    }

    @Override
    public String lastLogLine() {
      return "";
    }

    @Override
    public void trimFiles() {}

    @Override
    public void requestStop() {
      order.add("tell " + name);
    }

    @Override
    public void close() {
      order.add("close " + name);
    }
  }

  private Supervisor supervisor(String... names) {
    List<WorkerSpec> posts =
        List.of(names).stream().map(name -> new WorkerSpec(name, List.of())).toList();
    return new Supervisor(posts, this::hire, () -> now);
  }

  private WorkerHandle hire(WorkerSpec spec) throws IOException {
    if (unable) {
      throw new IOException("Cannot run program: error=12, Cannot allocate memory");
    }
    FakeProcess process = new FakeProcess(spec.name());
    started.add(process);
    return process;
  }

  private void end(int code) {
    started.get(started.size() - 1).exit = code;
  }

  private void pass(Duration time) {
    now += time.toNanos();
  }
}

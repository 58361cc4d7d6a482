package farm.darkroom.worker;

import static org.assertj.core.api.Assertions.assertThat;

import farm.darkroom.common.queue.Heartbeat;
import farm.darkroom.common.queue.InMemoryProgressLog;
import farm.darkroom.worker.health.ManualTime;
import farm.darkroom.worker.stage.OtherWorkers;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.Test;

class WorkersByHeartbeatTest {
  private final ManualTime time = new ManualTime();
  private final InMemoryProgressLog progress = new InMemoryProgressLog();
  private final OtherWorkers others = new WorkersByHeartbeat("self", progress);

  @Test
  void anotherWorkersModelIsOffered() {
    beat("other", "foo");
    assertThat(others.isOfferedByAnother("foo")).isTrue();
    assertThat(others.isOfferedByAnother("bar")).isFalse();
  }

  @Test
  void singleFileIsOfferedUnderBothItsNames() {
    beat("other", "foo.safetensors");
    assertThat(others.isOfferedByAnother("foo.safetensors")).isTrue();
    assertThat(others.isOfferedByAnother("foo")).isTrue();
  }

  @Test
  void ownModelDoesNotCount() {
    beat("self", "foo");
    assertThat(others.isOfferedByAnother("foo")).isFalse();
  }

  /** The log forgets it in time; only a broker's clock counts there. */
  @Test
  void workerThatIsAwayForAMinuteOrWhoseClockIsWrongStillOffers() {
    beat("other", "foo");
    time.advance(Duration.ofDays(1));
    beat("self", "bar");
    assertThat(others.isOfferedByAnother("foo")).isTrue();
  }

  @Test
  void workerThatSaidNothingForAWhileIsNotUp() {
    beat("other", "foo");
    beat("self", "foo");
    assertThat(others.isAnotherRunning("foo")).isTrue();
    assertThat(others.isAnotherRunning("bar")).isFalse();
    time.advance(Duration.ofMinutes(1));
    beat("self", "foo");
    assertThat(others.isAnotherRunning("foo")).isFalse();
    assertThat(others.isOfferedByAnother("foo")).isTrue();
  }

  private void beat(String worker, String model) {
    progress.publish(
        new Heartbeat(
            worker,
            time.instant(),
            "idle",
            "cpu",
            List.of(model),
            Optional.empty(),
            0,
            Optional.empty(),
            Optional.empty(),
            Optional.empty()));
  }
}

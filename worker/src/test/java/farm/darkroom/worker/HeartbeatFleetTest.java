package farm.darkroom.worker;

import static org.assertj.core.api.Assertions.assertThat;

import farm.darkroom.common.queue.Heartbeat;
import farm.darkroom.common.queue.InMemoryProgressLog;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.Test;

class HeartbeatFleetTest {
  private final ManualTime time = new ManualTime();
  private final InMemoryProgressLog progress = new InMemoryProgressLog();
  private final Fleet fleet = new HeartbeatFleet("self", progress);

  @Test
  void anotherWorkersModelIsOffered() {
    beat("other", "foo");
    assertThat(fleet.anotherOffers("foo")).isTrue();
    assertThat(fleet.anotherOffers("bar")).isFalse();
  }

  @Test
  void singleFileIsOfferedUnderBothItsNames() {
    beat("other", "foo.safetensors");
    assertThat(fleet.anotherOffers("foo.safetensors")).isTrue();
    assertThat(fleet.anotherOffers("foo")).isTrue();
  }

  @Test
  void ownModelDoesNotCount() {
    beat("self", "foo");
    assertThat(fleet.anotherOffers("foo")).isFalse();
  }

  /** The log forgets it in time; only a broker's clock counts there. */
  @Test
  void workerThatIsAwayForAMinuteOrWhoseClockIsWrongStillOffers() {
    beat("other", "foo");
    time.advance(Duration.ofDays(1));
    beat("self", "bar");
    assertThat(fleet.anotherOffers("foo")).isTrue();
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
            Optional.empty()));
  }
}

package farm.darkroom.worker.stage;

import static org.assertj.core.api.Assertions.assertThat;

import farm.darkroom.common.FailureKind;
import farm.darkroom.common.job.JobState;
import java.time.Duration;
import org.junit.jupiter.api.Test;

/** Jobs for models that this worker does not have. */
class MissingModelTest {
  private static final String JOB = "{\"model\": \"foo\", \"prompt\": \"x\", \"seed\": 1}";
  private final InMemoryFarm farm = new InMemoryFarm();
  private final FakeWorker without = new FakeWorker(farm, "without");

  @Test
  void missingModelToReleased() {
    String id = farm.submit(JOB);
    assertThat(without.workOnce()).isEqualTo(new Resting(Duration.ofMillis(500)));
    assertThat(farm.lastEvent(id).state()).isEqualTo(JobState.FAILED);
    FakeWorker with = new FakeWorker(farm, "with");
    with.renderer.installed("foo");
    with.workOnce();
    assertThat(farm.lastEvent(id).state()).isEqualTo(JobState.STORED);
  }

  @Test
  void missingModelAtLimitToDead() {
    String id = farm.submit(JOB);
    without.workOff(farm);
    assertThat(farm.broker.list()).hasSize(1);
    assertThat(farm.lastEvent(id).state()).isEqualTo(JobState.DEAD);
    assertThat(farm.lastEvent(id).kind()).contains(FailureKind.WORKER_UNFIT);
    assertThat(farm.lastEvent(id).reason())
        .contains("model foo is not installed here; installed: demo, demo-refiner");
  }

  @Test
  void modelOfferedElsewhereToRequeued() {
    String id = farm.submit(JOB);
    without.offered.add("foo");
    Stage stage = new Idle();
    for (int i = 0; i < 10 * InMemoryFarm.DELIVERY_LIMIT; i++) {
      stage = without.loop.next(stage);
    }
    without.finish(stage);
    assertThat(farm.broker.list()).isEmpty();
    FakeWorker with = new FakeWorker(farm, "with");
    with.renderer.installed("foo");
    with.workOnce();
    assertThat(farm.lastEvent(id).state()).isEqualTo(JobState.STORED);
    assertThat(farm.broker.depth()).isZero();
  }

  @Test
  void missingLoraToDead() {
    String id = farm.submitSeed(1);
    without.offered.add("demo");
    without.renderer.lacking("lora x is not installed here");
    Stage stage = new Idle();
    for (int i = 0; i < 1000 && farm.broker.depth() > 0; i++) {
      stage = without.loop.next(stage);
    }
    assertThat(farm.broker.list()).hasSize(1);
    assertThat(farm.lastEvent(id).reason()).contains("lora x is not installed here");
  }

  @Test
  void missingModelKeepsBreakerClosed() {
    farm.submit(JOB);
    String other = farm.submitSeed(1);
    without.workOff(farm);
    assertThat(farm.stored(other)).isTrue();
    assertThat(without.renderer.probes()).isZero();
  }
}

package farm.darkroom.worker.stage;

import static org.assertj.core.api.Assertions.assertThat;

import farm.darkroom.common.job.JobEvent;
import farm.darkroom.common.job.JobState;
import farm.darkroom.common.queue.EventLog;
import farm.darkroom.common.queue.WrappedEventLog;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;

/** Two workers with the same job in their hands. */
class TwoWorkersTest {
  private final InMemoryFarm farm = new InMemoryFarm();
  private final FakeWorker late = new FakeWorker(farm, "late");
  private final FakeWorker other = new FakeWorker(farm, "other");

  @Test
  void suspendedWorkerChangesNothing() {
    String id = farm.submitSeed(1);
    late.renderer.betweenSteps(
        () -> {
          farm.time.advance(InMemoryFarm.LEASE_TIME.plusSeconds(1));
          other.workOnce();
        });
    assertThat(late.workOnce()).isEqualTo(new Idle());
    assertThat(other.renderer.rendered()).containsExactly(id);
    assertThat(farm.events.all())
        .last()
        .satisfies(event -> assertThat(event.worker()).contains("other"));
    assertThat(farm.broker.depth()).isZero();
  }

  @Test
  void lateStartedEventIsCorrectedToStored() {
    String id = farm.submitSeed(1);
    SlowLog speech = new SlowLog(farm.events);
    FakeWorker slow = new FakeWorker(farm, "slow", farm.store.anotherWriter(), speech);
    slow.renderer.betweenSteps(
        () -> {
          farm.time.advance(InMemoryFarm.LEASE_TIME.plusSeconds(1));
          other.workOnce();
          speech.comesThrough();
        });
    slow.workOnce();
    assertThat(farm.states(id))
        .containsExactly(JobState.STARTED, JobState.STORED, JobState.STARTED, JobState.STORED);
  }

  @Test
  void lateStartedEventIsCorrectedAfterAnOutage() {
    String id = farm.submitSeed(1);
    SlowLog speech = new SlowLog(farm.events);
    FakeWorker slow = new FakeWorker(farm, "slow", farm.store.anotherWriter(), speech);
    slow.renderer.betweenSteps(
        () -> {
          farm.time.advance(InMemoryFarm.LEASE_TIME.plusSeconds(1));
          other.workOnce();
          farm.store.faults().failNext(3);
          speech.comesThrough();
        });
    slow.workOnce();
    assertThat(farm.lastEvent(id).state()).isEqualTo(JobState.STORED);
  }

  /** A log that asynchronous events do not reach until they are let through. */
  private static final class SlowLog extends WrappedEventLog {
    private final List<Runnable> delayed = new ArrayList<>();

    SlowLog(EventLog log) {
      super(log);
    }

    @Override
    public void publishAsync(JobEvent event, Runnable there) {
      delayed.add(() -> super.publishAsync(event, there));
    }

    void comesThrough() {
      while (!delayed.isEmpty()) {
        delayed.remove(0).run();
      }
    }
  }

  @Test
  void overtakenWorkerLeavesOneRecord() {
    String id = farm.submitSeed(1);
    Stage storing = late.loop.next(late.loop.next(late.loop.next(new Idle())));
    farm.broker.expireAll();
    other.workOnce();
    late.finish(storing);
    assertThat(farm.recordedHashes(id)).containsExactly(farm.storedHash(id, 0));
    assertThat(farm.store.list("jobs/")).hasSize(2);
    assertThat(farm.lastEvent(id).state()).isEqualTo(JobState.STORED);
    assertThat(farm.broker.depth()).isZero();
  }

  @Test
  void duplicateIsRenderedOnce() {
    farm.submitSeed(1);
    String id = farm.submitSeed(1);
    late.workOnce();
    other.workOnce();
    assertThat(late.renderer.rendered()).containsExactly(id);
    assertThat(other.renderer.rendered()).isEmpty();
    assertThat(farm.broker.depth()).isZero();
  }
}

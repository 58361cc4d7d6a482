package farm.darkroom.worker.stage;

import static org.assertj.core.api.Assertions.assertThat;

import farm.darkroom.common.FailureKind;
import farm.darkroom.common.FarmException;
import farm.darkroom.common.job.JobEvent;
import farm.darkroom.common.job.JobState;
import farm.darkroom.common.job.QueuedJob;
import farm.darkroom.common.job.RenderJob;
import farm.darkroom.common.queue.EventLog;
import farm.darkroom.common.queue.Lease;
import farm.darkroom.common.queue.WrappedEventLog;
import farm.darkroom.common.store.ResultStore;
import farm.darkroom.common.store.StoreKeys;
import farm.darkroom.common.store.WrappedResultStore;
import farm.darkroom.worker.lease.HeldJob;
import farm.darkroom.worker.lease.LeaseKeeper;
import farm.darkroom.worker.port.RenderPlan;
import farm.darkroom.worker.port.Residency;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import org.junit.jupiter.api.Test;

/** Store and broker away for a while: nothing is lost, nothing is rendered twice. */
class OutagesTest {
  private final InMemoryFarm farm = new InMemoryFarm();
  private final FakeWorker worker = new FakeWorker(farm, "w1");

  @Test
  void storeOutageToStored() {
    String id = farm.submitSeed(1);
    worker.renderer.betweenSteps(() -> farm.store.faults().failNext(5));
    worker.workOnce();
    assertThat(farm.stored(id)).isTrue();
    assertThat(worker.renderer.rendered()).hasSize(1);
    assertThat(farm.time.pauses()).hasSize(5);
    for (int i = 0; i < 5; i++) {
      Duration full = Duration.ofMillis(100L << i);
      assertThat(farm.time.pauses().get(i)).isBetween(full.dividedBy(2), full);
    }
  }

  @Test
  void lostStoreAnswersToStored() {
    String id = farm.submitSeed(1);
    worker.renderer.betweenSteps(() -> farm.store.faults().loseNextAnswers(2));
    worker.workOnce();
    assertThat(farm.recordedHashes(id)).containsExactly(farm.storedHash(id, 0));
    assertThat(farm.states(id)).containsExactly(JobState.STARTED, JobState.STORED);
  }

  @Test
  void storeOutageAtJobStart() {
    String id = farm.submitSeed(1);
    farm.store.faults().failNext(3);
    worker.workOnce();
    assertThat(farm.stored(id)).isTrue();
  }

  @Test
  void unavailableInitImageIsRetried() {
    String id = farm.submitSeed(1);
    worker.renderer.failNext(FailureKind.STORE_UNAVAILABLE, "inputs/ab: no connection");
    worker.workOnce();
    assertThat(worker.renderer.plans()).hasSize(2);
    assertThat(farm.states(id)).containsExactly(JobState.STARTED, JobState.STORED);
  }

  @Test
  void lookupOutageIsRepeatedBeforeRetry() {
    String id = farm.submitSeed(1);
    HeldJob held = ((Leased) worker.loop.next(new Idle())).held();
    RenderJob job = QueuedJob.fromJson(held.lease().payload()).job();
    CompletableFuture<Boolean> silence = new CompletableFuture<>();
    FarmException away = new FarmException(FailureKind.STORE_UNAVAILABLE, "no connection");
    worker.renderer.never(
        begun -> {
          silence.completeExceptionally(away);
          return false;
        });
    RecordLookup lookup = new RecordLookup(silence, () -> farm.store.exists(StoreKeys.record(id)));
    Stage next =
        worker.loop.next(new Rendering(held, job, RenderPlan.of(Residency.RESIDENT), lookup));
    assertThat(next).isInstanceOf(Storing.class);
    assertThat(worker.renderer.plans()).hasSize(2);
  }

  @Test
  void unavailableSizeImageIsRetried() {
    String id = farm.submitSeed(1);
    worker.renderer.failNextPlan(FailureKind.STORE_UNAVAILABLE, "inputs/ab: no connection");
    worker.workOnce();
    assertThat(farm.states(id)).containsExactly(JobState.STARTED, JobState.STORED);
  }

  @Test
  void leaseLostInStoreOutageRendersOnce() {
    String id = farm.submitSeed(1);
    worker.renderer.betweenSteps(() -> farm.store.faults().failNext(1000));
    assertThat(worker.workOnce()).isEqualTo(new Idle());
    farm.store.faults().failNext(0);
    assertThat(farm.stored(id)).isFalse();
    worker.workOnce();
    assertThat(farm.stored(id)).isTrue();
    assertThat(worker.renderer.rendered()).containsExactly(id);
  }

  @Test
  void refusedResultIsRenderedOnce() {
    String id = farm.submitSeed(1);
    List<String> refused = new ArrayList<>();
    ResultStore picky =
        new WrappedResultStore(farm.store) {
          @Override
          public Put putIfAbsent(String key, byte[] bytes, String contentType) {
            if (refused.isEmpty()) {
              refused.add(key);
              throw new FarmException(FailureKind.RENDER_FAILED, "status 409");
            }
            return super.putIfAbsent(key, bytes, contentType);
          }
        };
    FakeWorker other = new FakeWorker(farm, "w2", picky, farm.events);
    other.workOff(farm);
    assertThat(refused).hasSize(1);
    assertThat(farm.stored(id)).isTrue();
    assertThat(other.renderer.rendered()).containsExactly(id);
  }

  @Test
  void brokerOutageToAcknowledged() {
    String id = farm.submitSeed(1);
    worker.renderer.betweenSteps(() -> farm.broker.outage(true));
    farm.time.inNextPause(() -> {});
    farm.time.inNextPause(() -> farm.broker.outage(false));
    worker.workOnce();
    assertThat(farm.broker.depth()).isZero();
    assertThat(farm.states(id)).containsExactly(JobState.STARTED, JobState.STORED);
    assertThat(worker.renderer.rendered()).hasSize(1);
  }

  @Test
  void lostAcknowledgementIsRepeatedOnRedelivery() {
    String id = farm.submitSeed(1);
    worker.renderer.betweenSteps(() -> farm.broker.outage(true));
    assertThat(worker.workOnce()).isEqualTo(new Idle());
    farm.broker.outage(false);
    assertThat(farm.broker.depth()).isOne();
    worker.workOnce();
    assertThat(farm.broker.depth()).isZero();
    assertThat(worker.renderer.rendered()).containsExactly(id);
  }

  @Test
  void idleBackoffGrowsInBrokerOutage() {
    farm.broker.outage(true);
    Stage stage = new Idle();
    for (int i = 0; i < 3; i++) {
      stage = worker.loop.next(stage);
    }
    assertThat(farm.time.pauses())
        .containsExactly(Duration.ofMillis(250), Duration.ofMillis(500), Duration.ofSeconds(1));
    farm.broker.outage(false);
    farm.submitSeed(1);
    assertThat(worker.loop.next(stage)).isInstanceOf(Leased.class);
  }

  @Test
  void eventOutageDoesNotDelayRendering() {
    String id = farm.submitSeed(1);
    FakeWorker unheard = new FakeWorker(farm, "w2", farm.store, new Mumbling(farm.events));
    unheard.workOnce();
    assertThat(farm.states(id)).containsExactly(JobState.STORED);
    assertThat(farm.broker.depth()).isZero();
  }

  /** A log that takes no event unless somebody waits for it. */
  private static final class Mumbling extends WrappedEventLog {
    Mumbling(EventLog log) {
      super(log);
    }

    @Override
    public void publishAsync(JobEvent event, Runnable there) {
      throw new FarmException(FailureKind.QUEUE_UNAVAILABLE, "broker is away");
    }
  }

  @Test
  void longStoreOutageToReleased() {
    String id = farm.submitSeed(1);
    farm.store.faults().failNext(1000);
    Stage stage = workOn(worker);
    assertThat(stage).isInstanceOf(AwaitingStore.class);
    assertThat(farm.lastEvent(id).state()).isEqualTo(JobState.QUEUED);
    stage = worker.loop.next(stage);
    assertThat(stage)
        .as("it asks the store before it takes a job")
        .isInstanceOf(AwaitingStore.class);
    assertThat(worker.status.now().trouble().orElseThrow()).contains("store in memory: cannot");
    farm.store.faults().failNext(0);
    assertThat(worker.loop.next(stage)).isEqualTo(new Idle());
    assertThat(worker.status.now().trouble()).isEmpty();
    worker.workOnce();
    assertThat(farm.stored(id)).isTrue();
  }

  @Test
  void releasedJobKeepsItsBatch() {
    String id = farm.submitSeed(1);
    worker.queue.lease(Duration.ZERO).orElseThrow().release();
    farm.store.faults().failNext(1000);
    assertThat(workOn(worker)).isInstanceOf(AwaitingStore.class);
    assertThat(farm.states(id)).containsExactly(JobState.QUEUED);
    assertThat(farm.lastEvent(id).batch()).contains("night");
  }

  @Test
  void longInitImageOutageToReleased() {
    String id = farm.submitSeed(1);
    for (int i = 0; i < 1000; i++) {
      worker.renderer.failNext(FailureKind.STORE_UNAVAILABLE, "inputs/ab: no connection");
    }
    assertThat(workOn(worker)).isInstanceOf(AwaitingStore.class);
    assertThat(farm.states(id)).containsExactly(JobState.STARTED, JobState.QUEUED);
  }

  @Test
  void awaitingStoreToStopped() {
    worker.drain();
    Stage stage = worker.loop.next(new AwaitingStore("jobs/x/record.json", "no connection"));
    assertThat(worker.loop.next(stage)).isInstanceOf(Stopped.class);
  }

  @Test
  void workerSaysWhatItWaitsFor() {
    List<String> said = new ArrayList<>();
    farm.submitSeed(1);
    worker.renderer.betweenSteps(() -> farm.store.faults().failNext(2));
    farm.time.inNextPause(() -> said.addAll(worker.status.now().trouble().stream().toList()));
    worker.workOnce();
    assertThat(said).singleElement().asString().contains("store in memory: cannot put");
    assertThat(worker.status.now().trouble()).isEmpty();
  }

  /** The keeper renews. */
  private Stage workOn(FakeWorker at) {
    Stage stage = at.loop.next(new Idle());
    Lease lease = ((Leased) stage).held().lease();
    for (int i = 0; i < 100; i++) {
      farm.time.inNextPause(() -> lease.renew());
    }
    LeaseKeeper.Kept kept =
        new LeaseKeeper(() -> Duration.ofHours(1), farm.time, at.metrics).keep(lease);
    return at.finish(new Leased(lease, kept));
  }

  @Test
  void unexpectedExceptionBetweenJobsToIdle() {
    farm.time.inNextPause(
        () -> {
          throw new IllegalStateException("bug");
        });
    assertThat(worker.loop.next(new Probing())).isEqualTo(new Resting(Duration.ofSeconds(5)));
  }

  @Test
  void shutdownDoesNotWaitForOutage() {
    farm.submitSeed(1);
    worker.renderer.betweenSteps(() -> farm.broker.outage(true));
    farm.time.inNextPause(farm.time::stop);
    Stage stage = worker.workOnce();
    assertThat(stage).isEqualTo(new Idle());
    assertThat(worker.loop.next(stage)).isInstanceOf(Stopped.class);
  }
}

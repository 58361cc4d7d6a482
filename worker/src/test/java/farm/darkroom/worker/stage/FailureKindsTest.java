package farm.darkroom.worker.stage;

import static org.assertj.core.api.Assertions.assertThat;

import farm.darkroom.common.FailureKind;
import farm.darkroom.common.job.JobEvent;
import farm.darkroom.common.job.JobState;
import farm.darkroom.worker.port.RenderPlan;
import farm.darkroom.worker.port.Residency;
import farm.darkroom.worker.port.VaeTiles;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.Optional;
import org.junit.jupiter.api.Test;

/** What the worker does about each kind of failure. */
class FailureKindsTest {
  private final InMemoryFarm farm = new InMemoryFarm();
  private final FakeWorker worker = new FakeWorker(farm, "w1");

  @Test
  void garbageToRejectedToIdle() {
    farm.publish("k1", "no job".getBytes(StandardCharsets.UTF_8));
    String id = farm.submitSeed(1);
    worker.workOff(farm);
    assertThat(farm.broker.list()).hasSize(1);
    assertThat(farm.lastEvent("k1").state()).isEqualTo(JobState.DEAD);
    assertThat(farm.lastEvent("k1").kind()).contains(FailureKind.INVALID_JOB);
    assertThat(farm.lastEvent("k1").reason().orElseThrow()).contains("not JSON");
    assertThat(farm.stored(id)).isTrue();
  }

  @Test
  void garbageWithoutPlainKeyIsNamedByHash() {
    farm.publish(null, new byte[] {0, 1});
    farm.publish("../../x", new byte[] {0, 1});
    worker.workOff(farm);
    assertThat(farm.broker.list()).hasSize(2);
    assertThat(farm.events.latest().keySet()).singleElement().asString().startsWith("unkeyed-");
  }

  @Test
  void garbageUnderJobIdPublishesNoEventOfTheJob() {
    String id = farm.submitSeed(1);
    farm.publish(id, new byte[] {0, 1});
    worker.workOff(farm);
    assertThat(farm.broker.list()).hasSize(1);
    assertThat(farm.lastEvent(id).state()).isEqualTo(JobState.STORED);
    assertThat(farm.events.latest()).hasSize(2);
  }

  @Test
  void invalidJobToRejected() {
    String id = farm.submitSeed(1);
    worker.renderer.failNext(FailureKind.INVALID_JOB, "init image is no PNG");
    worker.workOnce();
    assertThat(farm.broker.list()).hasSize(1);
    JobEvent last = farm.lastEvent(id);
    assertThat(last.state()).isEqualTo(JobState.DEAD);
    assertThat(last.reason()).contains("init image is no PNG");
    assertThat(last.worker()).contains("w1");
    assertThat(last.batch()).contains("night");
    assertThat(last.attempt()).isOne();
  }

  /** Whoever is killed while it waits for a place leaves no word of a letter that is nowhere. */
  @Test
  void deadEventWaitsForDeadLetterTopic() {
    farm.publish("k1", "no job".getBytes(StandardCharsets.UTF_8));
    String id = farm.submitSeed(1);
    farm.broker.loseDeadLetters();
    for (int i = 0; i < InMemoryFarm.DELIVERY_LIMIT; i++) {
      failRender("NaN");
    }
    worker.workOff(farm);
    assertThat(farm.states("k1")).doesNotContain(JobState.DEAD);
    assertThat(farm.states(id)).contains(JobState.FAILED).doesNotContain(JobState.DEAD);
  }

  @Test
  void outOfMemoryToLowerResidency() {
    String id = farm.submitSeed(1);
    worker
        .renderer
        .failNext(FailureKind.OUT_OF_MEMORY, "device")
        .failNext(FailureKind.OUT_OF_MEMORY, "device");
    worker.workOnce();
    assertThat(worker.renderer.plans())
        .extracting(RenderPlan::residency)
        .containsExactly(Residency.RESIDENT, Residency.MODEL, Residency.SEQUENTIAL);
    assertThat(farm.stored(id)).isTrue();
  }

  @Test
  void outOfMemoryAtFloorToRenderFailed() {
    String id = farm.submitSeed(1);
    int plans = Residency.values().length + VaeTiles.values().length;
    for (int i = 0; i < plans; i++) {
      worker.renderer.failNext(FailureKind.OUT_OF_MEMORY, "device");
    }
    assertThat(worker.workOnce()).isInstanceOf(Resting.class);
    assertThat(farm.lastEvent(id).kind()).contains(FailureKind.OUT_OF_MEMORY);
    assertThat(farm.lastEvent(id).state()).isEqualTo(JobState.FAILED);
    assertThat(worker.renderer.plans())
        .extracting(RenderPlan::tiles)
        .endsWith(VaeTiles.FULL, VaeTiles.HALF, VaeTiles.QUARTER, VaeTiles.QUARTER);
    assertThat(worker.renderer.plans()).last().extracting(RenderPlan::careful).isEqualTo(true);
  }

  @Test
  void jobWithoutPlanToReleased() {
    String id = farm.submitSeed(1);
    worker.renderer.tooSmall();
    assertThat(worker.workOnce()).isInstanceOf(Resting.class);
    assertThat(farm.lastEvent(id).kind()).contains(FailureKind.OUT_OF_MEMORY);
    assertThat(farm.lastEvent(id).reason()).contains("not enough memory: 1 GB is missing");
    new FakeWorker(farm, "w2").workOnce();
    assertThat(farm.stored(id)).isTrue();
  }

  @Test
  void javaHeapExhaustionIsOutOfMemory() {
    String id = farm.submitSeed(1);
    worker.renderer.betweenSteps(
        () -> {
          if (worker.renderer.plans().size() == 1) {
            throw new OutOfMemoryError("Java heap space");
          }
        });
    worker.workOnce();
    assertThat(worker.renderer.plans().get(1).residency()).isEqualTo(Residency.MODEL);
    assertThat(farm.stored(id)).isTrue();
  }

  @Test
  void renderFailedToRenderingWithSafeguards() {
    String id = farm.submitSeed(1);
    worker.renderer.failNext(FailureKind.RENDER_FAILED, "NaN");
    worker.workOnce();
    assertThat(worker.renderer.plans())
        .extracting(RenderPlan::careful)
        .containsExactly(false, true);
    assertThat(farm.states(id)).containsExactly(JobState.STARTED, JobState.STORED);
  }

  @Test
  void blackPictureToRenderFailed() {
    String id = farm.submitSeed(1);
    worker.renderer.black(true);
    worker.workOnce();
    assertThat(worker.renderer.plans()).hasSize(2);
    assertThat(farm.lastEvent(id).reason()).contains("picture 0 is all black");
    assertThat(farm.store.list("jobs/")).isEmpty();
  }

  @Test
  void recordNamesFailedFirstRender() {
    String id = farm.submitSeed(1);
    worker.renderer.failNext(FailureKind.RENDER_FAILED, "NaN");
    worker.workOnce();
    assertThat(farm.record(id).warnings())
        .singleElement()
        .asString()
        .contains("first render failed");
  }

  @Test
  void renderFailedTwiceToReleased() {
    String id = farm.submitSeed(1);
    failRender("NaN");
    assertThat(worker.workOnce()).isInstanceOf(Resting.class);
    assertThat(farm.states(id)).containsExactly(JobState.STARTED, JobState.FAILED);
    FakeWorker other = new FakeWorker(farm, "w2");
    other.workOnce();
    assertThat(farm.lastEvent(id).state()).isEqualTo(JobState.STORED);
    assertThat(farm.lastEvent(id).attempt()).isEqualTo(2);
  }

  @Test
  void renderFailedEverywhereToDead() {
    String id = farm.submitSeed(1);
    for (int i = 0; i < InMemoryFarm.DELIVERY_LIMIT; i++) {
      failRender("NaN " + i);
    }
    worker.workOff(farm);
    assertThat(farm.broker.list()).hasSize(1);
    assertThat(farm.lastEvent(id).state()).isEqualTo(JobState.DEAD);
    assertThat(farm.lastEvent(id).reason()).contains("NaN 2");
    assertThat(farm.lastEvent(id).attempt()).isEqualTo(InMemoryFarm.DELIVERY_LIMIT);
  }

  @Test
  void unexpectedExceptionToRenderFailed() {
    String id = farm.submitSeed(1);
    worker.renderer.failNext(new IllegalStateException("bug"));
    worker.workOnce();
    assertThat(farm.lastEvent(id).state()).isEqualTo(JobState.FAILED);
    assertThat(farm.lastEvent(id).reason().orElseThrow()).contains("bug");
  }

  @Test
  void stackOverflowEverywhereToDead() {
    String id = farm.submitSeed(1);
    worker.renderer.betweenSteps(FailureKindsTest::overflow);
    worker.workOff(farm);
    assertThat(farm.broker.list()).hasSize(1);
    assertThat(farm.lastEvent(id).state()).isEqualTo(JobState.DEAD);
    assertThat(farm.lastEvent(id).kind()).contains(FailureKind.RENDER_FAILED);
    assertThat(farm.lastEvent(id).reason().orElseThrow()).contains("StackOverflowError");
    assertThat(worker.renderer.plans()).hasSize(InMemoryFarm.DELIVERY_LIMIT);
  }

  @Test
  void stackOverflowInPlanEverywhereToDead() {
    String id = farm.submitSeed(1);
    worker.renderer.whilePlanning(FailureKindsTest::overflow);
    worker.workOff(farm);
    assertThat(farm.broker.list()).hasSize(1);
    assertThat(farm.lastEvent(id).state()).isEqualTo(JobState.DEAD);
    assertThat(farm.lastEvent(id).reason().orElseThrow()).contains("StackOverflowError");
  }

  private static void overflow() {
    throw new StackOverflowError();
  }

  @Test
  void pauseAfterReleaseGrows() {
    farm.submitSeed(1);
    for (int i = 0; i < InMemoryFarm.DELIVERY_LIMIT; i++) {
      failRender("NaN");
    }
    worker.workOff(farm);
    assertThat(farm.time.pauses())
        .startsWith(Duration.ofMillis(500), Duration.ofSeconds(1))
        .hasSize(2);
  }

  @Test
  void unfitToProbing() {
    farm.submitSeed(1);
    worker.renderer.failNext(FailureKind.WORKER_UNFIT, "unet/x.safetensors: cut off");
    assertThat(worker.workOnce()).isInstanceOf(Probing.class);
    assertThat(worker.loop.next(new Probing())).isEqualTo(new Idle());
  }

  /** Neither a worker that left nor one that lacks a file says that a job is to blame. */
  @Test
  void onlyFailuresSpeakAgainstAJob() {
    String id = farm.submitSeed(1);
    worker.renderer.lacking("lora x is not installed here");
    worker.offered.add("demo");
    for (int i = 0; i < 4 * InMemoryFarm.DELIVERY_LIMIT; i++) {
      worker.workOnce();
    }
    for (int i = 0; i < InMemoryFarm.DELIVERY_LIMIT - 1; i++) {
      worker.queue.lease(Duration.ZERO).orElseThrow().release();
    }
    FakeWorker other = new FakeWorker(farm, "w2");
    other.renderer.failNext(FailureKind.WORKER_UNFIT, "device gone");
    other.workOnce();
    assertThat(farm.lastEvent(id).state()).isEqualTo(JobState.FAILED);
    other.workOnce();
    assertThat(farm.stored(id)).isTrue();
  }

  @Test
  void unfitEverywhereToDead() {
    farm.submitSeed(1);
    for (int i = 0; i < 100; i++) {
      worker.renderer.failNext(FailureKind.WORKER_UNFIT, "device gone");
    }
    worker.workOff(farm);
    assertThat(farm.broker.list()).hasSize(1);
    assertThat(worker.renderer.plans()).hasSize(4 * InMemoryFarm.DELIVERY_LIMIT);
  }

  /** Nobody knows whose fault it is until a probe tells. */
  @Test
  void unexpectedExceptionOfSickWorkerToReleased() {
    String id = farm.submitSeed(1);
    worker.renderer.betweenSteps(
        () -> {
          worker.renderer.sick(true);
          throw new IllegalStateException("bug");
        });
    assertThat(worker.workOnce()).isEqualTo(new Probing());
    assertThat(farm.lastEvent(id).kind()).contains(FailureKind.WORKER_UNFIT);
  }

  @Test
  void failureEventNamesKindAndReason() {
    String id = farm.submitSeed(1);
    worker.renderer.failNext(FailureKind.WORKER_UNFIT, "device gone");
    worker.workOnce();
    assertThat(farm.lastEvent(id).kind()).isEqualTo(Optional.of(FailureKind.WORKER_UNFIT));
    assertThat(farm.lastEvent(id).reason()).contains("device gone");
  }

  private void failRender(String reason) {
    worker
        .renderer
        .failNext(FailureKind.RENDER_FAILED, "first try")
        .failNext(FailureKind.RENDER_FAILED, reason);
  }
}

package farm.darkroom.worker.stage;

import static org.assertj.core.api.Assertions.assertThat;

import farm.darkroom.common.job.JobId;
import farm.darkroom.common.job.JobState;
import farm.darkroom.common.job.RenderJob;
import farm.darkroom.common.job.RenderRecord;
import farm.darkroom.common.store.StoreKeys;
import farm.darkroom.worker.picture.Png;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import org.junit.jupiter.api.Test;

/** The stages of a job that nothing goes wrong with, and of a worker that is told to leave. */
class TransitionsTest {
  private final InMemoryFarm farm = new InMemoryFarm();
  private final FakeWorker worker = new FakeWorker(farm, "w1");

  @Test
  void idleToLeased() {
    String id = farm.submitSeed(1);
    assertThat(worker.loop.next(new Idle()))
        .isInstanceOfSatisfying(
            Leased.class, leased -> assertThat(leased.held().key()).isEqualTo(id));
  }

  @Test
  void leasedToStored() {
    String id = farm.submitSeed(1);
    assertThat(worker.workOnce()).isEqualTo(new Idle());
    assertThat(farm.states(id)).containsExactly(JobState.STARTED, JobState.STORED);
    assertThat(farm.recordedHashes(id)).containsExactly(farm.storedHash(id, 0));
    assertThat(farm.broker.depth()).isZero();
  }

  @Test
  void recordHoldsWorkerAndConditions() {
    String id = farm.submitSeed(7);
    worker.workOnce();
    RenderRecord record = farm.record(id);
    assertThat(record.id().text()).isEqualTo(id);
    assertThat(record.conditions().worker()).isEqualTo("w1");
    assertThat(record.conditions().residency()).isEqualTo("resident");
    assertThat(record.images().get(0).key()).isEqualTo("jobs/" + id + "/0.png");
    assertThat(record.images().get(0).seed()).isEqualTo(7);
    assertThat(record.warnings()).isEmpty();
  }

  @Test
  void pictureSaysHowItWasMade() {
    String id = farm.submitSeed(7);
    worker.workOnce();
    byte[] png = farm.store.get(StoreKeys.output(id, 0, "png"), 1 << 20).orElseThrow();
    assertThat(Png.text(png).get(Png.PARAMETERS)).startsWith("a red ball").contains("Seed: 7");
    byte[] job = Png.text(png).get(Png.DARKROOM).getBytes(StandardCharsets.UTF_8);
    assertThat(JobId.of(RenderJob.fromJson(job)).text()).isEqualTo(id);
  }

  @Test
  void leasedToRenderingToStoringToAcknowledging() {
    farm.submitSeed(1);
    Stage rendering = worker.loop.next(worker.loop.next(new Idle()));
    assertThat(rendering).isInstanceOf(Rendering.class);
    Stage storing = worker.loop.next(rendering);
    assertThat(storing).isInstanceOf(Storing.class);
    assertThat(worker.loop.next(storing)).isInstanceOf(Acknowledging.class);
  }

  @Test
  void lastStepAnnouncesNextLease() {
    farm.submitSeed(1);
    worker.renderer.betweenSteps(() -> assertThat(worker.queue.expected()).isZero());
    worker.workOnce();
    assertThat(worker.queue.expected()).isEqualTo(1);
  }

  @Test
  void severalImagesAreStoredInOrder() {
    String id =
        farm.submit(
            "{\"model\": \"demo\", \"prompt\": \"x\", \"seed\": 4, \"num_images_per_prompt\": 3}");
    worker.workOnce();
    assertThat(farm.recordedHashes(id))
        .containsExactly(farm.storedHash(id, 0), farm.storedHash(id, 1), farm.storedHash(id, 2))
        .doesNotHaveDuplicates();
  }

  @Test
  void leasedToAcknowledgingWhenStored() {
    String id = farm.submitSeed(1);
    farm.submitSeed(1);
    worker.workOff(farm);
    assertThat(worker.renderer.rendered()).containsExactly(id);
    assertThat(farm.states(id)).containsExactly(JobState.STARTED, JobState.STORED, JobState.STORED);
  }

  /** Its batch would count one job less. */
  @Test
  void storedOnRedeliveryKeepsBatch() {
    String id = farm.submitSeed(1);
    worker.workOnce();
    farm.submitSeed(1);
    handedOutBefore();
    worker.workOnce();
    assertThat(farm.states(id)).containsExactly(JobState.STARTED, JobState.STORED, JobState.STORED);
    assertThat(farm.lastEvent(id).batch()).contains("night");
  }

  /** The job whose id the record has for a key is not stored. */
  @Test
  void storedUnderOtherKeyIsAnnouncedForTheJob() {
    String id = farm.submitSeed(1);
    byte[] payload = worker.queue.lease(Duration.ZERO).orElseThrow().payload();
    farm.time.advance(InMemoryFarm.LEASE_TIME);
    worker.workOnce();
    String other = "1".repeat(26);
    farm.publish(other, payload);
    handedOutBefore();
    worker.workOnce();
    assertThat(farm.states(other)).isEmpty();
    assertThat(farm.states(id)).containsExactly(JobState.STARTED, JobState.STORED, JobState.STORED);
    assertThat(farm.broker.depth()).isZero();
  }

  private void handedOutBefore() {
    worker.queue.lease(Duration.ZERO).orElseThrow().release();
  }

  @Test
  void leasedToCancelled() {
    String id = farm.submitSeed(1);
    worker.cancelled.add("night");
    worker.workOnce();
    assertThat(worker.renderer.plans()).isEmpty();
    assertThat(farm.states(id)).containsExactly(JobState.CANCELLED);
    assertThat(farm.broker.depth()).isZero();
  }

  @Test
  void cancelledToReleasedWhenResumed() {
    String id = farm.submitSeed(1);
    worker.cancelled.add("night");
    Stage settling = worker.loop.next(worker.loop.next(new Idle()));
    worker.cancelled.clear();
    worker.finish(settling);
    assertThat(farm.lastEvent(id).state()).isEqualTo(JobState.QUEUED);
    worker.workOnce();
    assertThat(farm.stored(id)).isTrue();
  }

  @Test
  void renderingToCancelledAtTheNextStep() {
    String id = farm.submitSeed(1);
    worker.renderer.betweenSteps(() -> worker.cancelled.add(id));
    worker.workOnce();
    assertThat(worker.renderer.rendered()).isEmpty();
    assertThat(farm.states(id)).containsExactly(JobState.STARTED, JobState.CANCELLED);
    assertThat(farm.stored(id)).isFalse();
    assertThat(farm.broker.list()).isEmpty();
  }

  @Test
  void cancelledAfterItWasStoredStaysStored() {
    String id = farm.submitSeed(1);
    worker.workOnce();
    farm.submitSeed(1);
    worker.cancelled.add(id);
    worker.workOnce();
    assertThat(farm.lastEvent(id).state()).isEqualTo(JobState.STORED);
  }

  @Test
  void renderingToIdleWhenTheLeaseIsLost() {
    String id = farm.submitSeed(1);
    worker.renderer.betweenSteps(() -> farm.time.advance(InMemoryFarm.LEASE_TIME));
    assertThat(worker.workOnce()).isEqualTo(new Idle());
    assertThat(worker.renderer.rendered()).isEmpty();
    assertThat(farm.states(id)).containsExactly(JobState.STARTED);
    assertThat(farm.broker.depth()).isOne();
  }

  @Test
  void leaseLostBeforeStartPublishesNoEvent() {
    String id = farm.submitSeed(1);
    Leased leased = (Leased) worker.loop.next(new Idle());
    farm.store.faults().failNext(1);
    farm.time.inNextPause(() -> farm.time.advance(InMemoryFarm.LEASE_TIME));
    assertThat(worker.finish(leased)).isEqualTo(new Idle());
    assertThat(farm.states(id)).isEmpty();
  }

  @Test
  void renderingToStoppedOnShutdown() {
    String id = farm.submitSeed(1);
    worker.renderer.betweenSteps(farm.time::stop);
    assertThat(worker.workOnce()).isInstanceOf(Stopped.class);
    assertThat(farm.states(id)).containsExactly(JobState.STARTED, JobState.QUEUED);
    FakeWorker other = new FakeWorker(farm, "w2");
    assertThat(other.queue.lease(Duration.ZERO)).isPresent();
  }

  @Test
  void shutdownRequeuesLastDelivery() {
    String id = farm.submitSeed(1);
    for (int i = 0; i < InMemoryFarm.DELIVERY_LIMIT - 1; i++) {
      worker.queue.lease(Duration.ZERO).orElseThrow().release();
    }
    worker.renderer.betweenSteps(farm.time::stop);
    worker.workOnce();
    assertThat(farm.broker.list()).isEmpty();
    assertThat(worker.queue.lease(Duration.ZERO).orElseThrow().deliveryCount()).isOne();
    assertThat(farm.lastEvent(id).state()).isEqualTo(JobState.QUEUED);
  }

  @Test
  void renderedToStoredOnShutdown() {
    String id = farm.submitSeed(1);
    Stage rendering = worker.loop.next(worker.loop.next(new Idle()));
    Stage storing = worker.loop.next(rendering);
    farm.time.stop();
    assertThat(worker.finish(storing)).isEqualTo(new Idle());
    assertThat(farm.stored(id)).isTrue();
    assertThat(worker.loop.next(new Idle())).isInstanceOf(Stopped.class);
  }

  @Test
  void idleToStoppedWhenDraining() {
    farm.submitSeed(1);
    worker.drain();
    assertThat(worker.loop.next(new Idle())).isInstanceOf(Stopped.class);
    assertThat(farm.broker.depth()).isOne();
  }

  @Test
  void idleToPausedAndBack() {
    farm.submitSeed(1);
    worker.pause(true);
    Stage stage = worker.loop.next(new Idle());
    assertThat(stage).isEqualTo(new Paused());
    stage = worker.loop.next(stage);
    assertThat(worker.loop.next(stage)).isEqualTo(new Paused());
    worker.pause(false);
    assertThat(worker.loop.next(stage)).isInstanceOf(Leased.class);
  }
}

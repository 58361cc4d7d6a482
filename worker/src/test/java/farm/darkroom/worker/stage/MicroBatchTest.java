package farm.darkroom.worker.stage;

import static org.assertj.core.api.Assertions.assertThat;

import farm.darkroom.common.Await;
import farm.darkroom.common.FailureKind;
import farm.darkroom.common.FarmException;
import farm.darkroom.common.job.JobState;
import farm.darkroom.common.queue.Cancellations;
import farm.darkroom.common.queue.InMemoryProgressLog;
import farm.darkroom.common.queue.JobQueue;
import farm.darkroom.common.store.StoreKeys;
import farm.darkroom.worker.Connections;
import farm.darkroom.worker.Worker;
import farm.darkroom.worker.WorkerSettings;
import farm.darkroom.worker.port.RenderPlan;
import farm.darkroom.worker.port.Residency;
import farm.darkroom.worker.result.PreviewRate;
import java.time.Clock;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** A worker that renders up to three jobs side by side. */
@Timeout(60)
class MicroBatchTest {
  private final InMemoryFarm farm = new InMemoryFarm();
  private final FakeRenderer renderer = new FakeRenderer();
  private final Set<String> unwanted = ConcurrentHashMap.newKeySet();
  private final Worker worker =
      new Worker(
          new WorkerSettings(
              "w1",
              "q",
              "cpu",
              Duration.ofMillis(500),
              Duration.ofSeconds(1),
              Optional.empty(),
              3,
              Optional.of(new PreviewRate(1))),
          new Connections(
              farm.broker.join(),
              farm.broker,
              farm.store,
              farm.events,
              new InMemoryProgressLog(),
              new Unwanted()),
          renderer,
          Clock.systemUTC());

  private final class Unwanted implements Cancellations {
    @Override
    public boolean isCancelled(String jobId, Optional<String> batch) {
      return unwanted.contains(jobId);
    }

    @Override
    public boolean isDraining(String workerId) {
      return false;
    }
  }

  @AfterEach
  void stop() {
    worker.stop();
  }

  @Test
  void waitingJobsShareAPass() {
    List<String> ids = submit(7);
    work();
    assertThat(renderer.batches()).containsExactly(3, 3, 1);
    assertThat(renderer.rendered()).containsExactlyElementsOf(ids);
    assertThat(ids)
        .allSatisfy(
            id -> assertThat(farm.states(id)).containsExactly(JobState.STARTED, JobState.STORED));
  }

  @Test
  void eachJobIsShownWhileRendering() {
    List<String> ids = submit(3);
    List<String> shown = new ArrayList<>();
    renderer.betweenSteps(
        () -> {
          String preview = StoreKeys.preview(ids.get(shown.size()));
          Await.until(() -> farm.store.exists(preview));
          shown.add(preview);
        });
    work();
    assertThat(renderer.batches()).containsExactly(3);
    assertThat(shown).hasSize(3);
    Await.until(() -> farm.store.list(StoreKeys.PREVIEWS).isEmpty());
  }

  @Test
  void jobOfAnotherSizeWaitsForItsTurn() {
    List<String> ids = new ArrayList<>(submit(2));
    ids.add(
        farm.submit(
            "{\"model\": \"demo\", \"prompt\": \"a red ball\", \"seed\": 9, \"height\": 64}"));
    ids.add(farm.submitSeed(10));
    work();
    assertThat(renderer.batches()).containsExactly(2, 1, 1);
    assertThat(renderer.rendered()).containsExactlyElementsOf(ids);
  }

  @Test
  void imagesOfOneJobCountOneByOne() {
    farm.submit(
        "{\"model\": \"demo\", \"prompt\": \"x\", \"seed\": 1, \"num_images_per_prompt\": 2}");
    submit(2);
    work();
    assertThat(renderer.batches()).containsExactly(2, 1);
  }

  @Test
  void failureAffectsOneJob() {
    renderer.failNext(FailureKind.INVALID_JOB, "no such scheduler");
    List<String> ids = submit(3);
    work();
    assertThat(farm.lastEvent(ids.get(0)).state()).isEqualTo(JobState.DEAD);
    assertThat(ids.subList(1, 3)).allMatch(farm::stored);
    assertThat(renderer.batches()).containsExactly(3);
  }

  @Test
  void stackOverflowToRenderingAlone() {
    renderer.betweenSteps(
        () -> {
          if (renderer.plans().size() == 1) {
            throw new StackOverflowError();
          }
        });
    List<String> ids = submit(3);
    work();
    assertThat(ids).allMatch(farm::stored);
    assertThat(renderer.plans())
        .extracting(RenderPlan::careful)
        .containsExactly(false, true, true, true);
  }

  @Test
  void failedJobToRenderingAlone() {
    renderer.failNext(FailureKind.RENDER_FAILED, "NaN");
    List<String> ids = submit(3);
    work();
    assertThat(ids).allMatch(farm::stored);
    assertThat(renderer.batches()).containsExactly(3);
    assertThat(renderer.plans()).filteredOn(RenderPlan::careful).hasSize(1);
  }

  @Test
  void outOfMemoryEndsBatching() {
    renderer.failNext(FailureKind.OUT_OF_MEMORY, "no more");
    List<String> ids = submit(6);
    work();
    assertThat(ids).allMatch(farm::stored);
    assertThat(renderer.batches()).containsExactly(3);
    assertThat(renderer.plans()).allMatch(plan -> plan.residency() == Residency.RESIDENT);
  }

  @Test
  void cancelledJobLeavesTheOthersAlone() {
    List<String> ids = submit(3);
    renderer.betweenSteps(() -> unwanted.add(ids.get(1)));
    work();
    assertThat(farm.lastEvent(ids.get(1)).state()).isEqualTo(JobState.CANCELLED);
    assertThat(farm.stored(ids.get(0))).isTrue();
    assertThat(farm.stored(ids.get(2))).isTrue();
  }

  @Test
  void cancelledJobIsNotShownUntilTheOthersEnd() {
    List<String> ids = submit(3);
    String preview = StoreKeys.preview(ids.get(1));
    AtomicInteger begun = new AtomicInteger();
    renderer.betweenSteps(
        () -> {
          int job = begun.getAndIncrement();
          if (job == 1) {
            Await.until(() -> farm.store.exists(preview));
            unwanted.add(ids.get(1));
          } else if (job == 2) {
            Await.until(() -> !farm.store.exists(preview));
          }
        });
    work();
    assertThat(begun).hasValue(3);
    assertThat(farm.lastEvent(ids.get(1)).state()).isEqualTo(JobState.CANCELLED);
    assertThat(farm.stored(ids.get(2))).isTrue();
  }

  @Test
  void sameJobTwiceIsRenderedOnce() {
    List<String> ids = submit(1);
    farm.submitSeed(0);
    work();
    assertThat(renderer.rendered()).containsExactlyElementsOf(ids);
  }

  @Test
  void stopReleasesAllJobs() {
    Thread stopping = new Thread(worker::stop, "stopping");
    renderer.betweenSteps(
        () -> {
          if (stopping.getState() == Thread.State.NEW) {
            stopping.start();
          }
          Await.until(() -> stopping.getState() == Thread.State.TIMED_WAITING);
        });
    List<String> ids = submit(3);
    assertThat(CompletableFuture.supplyAsync(worker::run).join()).isEmpty();
    assertThat(ids)
        .allSatisfy(
            id -> assertThat(farm.states(id)).containsExactly(JobState.STARTED, JobState.QUEUED));
  }

  @Test
  void stopStartsNoWaitingJob() {
    List<String> ids = new ArrayList<>(submit(2));
    ids.add(
        farm.submit(
            "{\"model\": \"demo\", \"prompt\": \"a red ball\", \"seed\": 9, \"height\": 64}"));
    FakeWorker three = new FakeWorker(farm, "w2", 3);
    three.renderer.betweenSteps(farm.time::stop);
    assertThat(three.loop.run().why()).isEmpty();
    assertThat(three.renderer.batches()).containsExactly(2);
    JobQueue other = farm.broker.join();
    assertThat(ids)
        .allSatisfy(
            id -> {
              assertThat(farm.lastEvent(id).state()).isEqualTo(JobState.QUEUED);
              assertThat(other.lease(Duration.ZERO)).isPresent();
            });
  }

  private List<String> submit(int count) {
    List<String> ids = new ArrayList<>();
    for (int seed = 0; seed < count; seed++) {
      ids.add(farm.submitSeed(seed));
    }
    return ids;
  }

  /** Works until the queue is empty. */
  private void work() {
    CompletableFuture<Optional<FarmException>> end = CompletableFuture.supplyAsync(worker::run);
    Await.until(() -> farm.broker.depth() == 0);
    worker.stop();
    Await.until(end::isDone);
  }
}

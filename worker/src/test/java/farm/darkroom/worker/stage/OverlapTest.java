package farm.darkroom.worker.stage;

import static org.assertj.core.api.Assertions.assertThat;

import farm.darkroom.common.Await;
import farm.darkroom.common.FarmException;
import farm.darkroom.common.job.JobState;
import farm.darkroom.common.queue.Cancellations;
import farm.darkroom.common.queue.InMemoryProgressLog;
import farm.darkroom.common.queue.JobQueue;
import farm.darkroom.worker.Connections;
import farm.darkroom.worker.Worker;
import farm.darkroom.worker.WorkerSettings;
import farm.darkroom.worker.port.Renderer;
import java.time.Clock;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** Jobs are stored behind the render of the next, in real time and real threads. */
@Timeout(60)
class OverlapTest {
  /** So many rendered pictures wait for the store, as docs/operations.md says. */
  private static final int PLACES = 4;

  private final InMemoryFarm farm = new InMemoryFarm();
  private final FakeRenderer renderer = new FakeRenderer();
  private final GatedStore store = new GatedStore(farm.store);
  private final InMemoryProgressLog progress = new InMemoryProgressLog();
  private final Orders orders = new Orders();
  private final Worker worker = worker("w1", renderer);
  private CompletableFuture<Optional<FarmException>> end = CompletableFuture.completedFuture(null);

  /** Drains the worker when it is told to. */
  private static final class Orders implements Cancellations {
    private volatile boolean draining;

    @Override
    public boolean isCancelled(String jobId, Optional<String> batch) {
      return false;
    }

    @Override
    public boolean isDraining(String workerId) {
      return draining;
    }
  }

  @AfterEach
  void stop() {
    store.open();
    worker.stop();
    Await.until(end::isDone);
  }

  @Test
  void nextJobIsRenderedWhileOneIsStored() {
    store.shut();
    List<String> ids = submit(2);
    start();
    Await.until(() -> renderer.rendered().size() == 2);
    assertThat(ids).noneMatch(farm::stored);
    store.open();
    Await.until(() -> farm.broker.depth() == 0);
    for (String id : ids) {
      assertThat(farm.states(id)).containsExactly(JobState.STARTED, JobState.STORED);
      assertThat(farm.recordedHashes(id)).containsExactly(farm.storedHash(id, 0));
    }
  }

  @Test
  void firstStepWaitsForRecordLookup() {
    store.silence();
    List<String> ids = submit(1);
    start();
    Await.until(() -> renderer.plans().size() == 1);
    Await.until(() -> "rendering".equals(state()));
    assertThat(farm.states(ids.get(0))).isEmpty();
    assertThat(renderer.rendered()).isEmpty();
    store.open();
    Await.until(() -> farm.broker.depth() == 0);
    assertThat(farm.states(ids.get(0))).containsExactly(JobState.STARTED, JobState.STORED);
  }

  @Test
  void storedJobIsNotRendered() {
    List<String> ids = submit(1);
    new FakeWorker(farm, "w2").workOnce();
    submit(1);
    store.silence();
    start();
    Await.until(() -> renderer.plans().size() == 1);
    store.open();
    Await.until(() -> farm.broker.depth() == 0);
    assertThat(renderer.rendered()).isEmpty();
    assertThat(farm.states(ids.get(0)))
        .containsExactly(JobState.STARTED, JobState.STORED, JobState.STORED);
  }

  @Test
  void slowStoreDelaysRenders() {
    store.shut();
    List<String> ids = submit(10);
    start();
    Await.until(() -> renderer.rendered().size() == PLACES + 1 && store.waiting() == PLACES);
    Await.until(() -> "storing".equals(state()));
    assertThat(renderer.rendered()).hasSize(PLACES + 1);
    store.open();
    Await.until(() -> farm.broker.depth() == 0);
    assertThat(renderer.rendered()).containsExactlyElementsOf(ids);
    assertThat(ids).allMatch(farm::stored);
  }

  @Test
  void drainedWorkerStoresWhatItHolds() throws Exception {
    store.shut();
    List<String> ids = submit(1);
    start();
    Await.until(() -> store.waiting() == 1);
    orders.draining = true;
    Await.until(() -> "storing".equals(state()));
    assertThat(end).isNotDone();
    store.open();
    assertThat(end.get(20, TimeUnit.SECONDS)).isEmpty();
    assertThat(ids).allMatch(farm::stored);
    assertThat(farm.broker.depth()).isZero();
    assertThat(state()).isEqualTo("stopped");
  }

  @Test
  void stopInOutageReleasesAll() {
    store.away();
    List<String> ids = submit(PLACES + 2);
    start();
    Await.until(() -> renderer.rendered().size() == PLACES + 1);
    assertThat(worker.stop()).isTrue();
    assertThat(ids.subList(0, PLACES + 1))
        .allSatisfy(id -> assertThat(farm.lastEvent(id).state()).isEqualTo(JobState.QUEUED));
    JobQueue other = farm.broker.join();
    assertThat(ids).allSatisfy(id -> assertThat(other.lease(Duration.ZERO)).isPresent());
  }

  @Test
  void hangingStoreAtShutdownLosesNoJob() {
    store.shut();
    submit(1);
    start();
    Await.until(() -> store.waiting() == 1);
    assertThat(worker.stop()).isFalse();
    assertThat(farm.broker.join().lease(Duration.ZERO)).isPresent();
  }

  @Test
  void unexpectedExceptionWhileStoringCostsOneDelivery() {
    store.failNext(new IllegalStateException("bug"));
    List<String> ids = submit(3);
    start();
    Await.until(() -> farm.broker.depth() == 0);
    assertThat(ids).allMatch(farm::stored);
    List<JobState> hit =
        List.of(JobState.STARTED, JobState.FAILED, JobState.STARTED, JobState.STORED);
    List<JobState> spared = List.of(JobState.STARTED, JobState.STORED);
    // Which of them is stored first is their threads' affair.
    assertThat(ids).map(farm::states).containsExactlyInAnyOrder(hit, spared, spared);
  }

  @Test
  void stackOverflowWhileStoringCostsOneDelivery() {
    store.failNext(new StackOverflowError("bug"));
    List<String> ids = submit(1);
    start();
    Await.until(() -> farm.broker.depth() == 0);
    assertThat(farm.states(ids.get(0)))
        .containsExactly(JobState.STARTED, JobState.FAILED, JobState.STARTED, JobState.STORED);
  }

  @Test
  void errorWhileStoringToReleased() {
    store.failNext(new AssertionError("bug"));
    List<String> ids = submit(1);
    start();
    Await.until(() -> farm.broker.depth() == 0);
    assertThat(ids).allMatch(farm::stored);
    assertThat(farm.states(ids.get(0)))
        .containsExactly(JobState.STARTED, JobState.STARTED, JobState.STORED);
  }

  @Test
  void redeliveryWhileStoringIsNotRendered() {
    store.shut();
    List<String> ids = submit(1);
    start();
    Await.until(() -> store.waiting() == 1);
    farm.broker.expireAll();
    Await.until(() -> "leased".equals(state()));
    assertThat(renderer.rendered()).hasSize(1);
    store.open();
    Await.until(() -> farm.broker.depth() == 0);
    assertThat(renderer.rendered()).containsExactlyElementsOf(ids);
    assertThat(farm.states(ids.get(0))).containsOnly(JobState.STARTED, JobState.STORED);
  }

  private List<String> submit(int count) {
    List<String> ids = new ArrayList<>();
    for (int seed = 0; seed < count; seed++) {
      ids.add(farm.submitSeed(seed));
    }
    return ids;
  }

  private void start() {
    end = CompletableFuture.supplyAsync(worker::run);
  }

  private String state() {
    return Optional.ofNullable(progress.latest().get("w1")).map(beat -> beat.state()).orElse("");
  }

  private Worker worker(String id, Renderer with) {
    return new Worker(
        new WorkerSettings(
            id,
            "q",
            "cpu",
            Duration.ofMillis(500),
            Duration.ofMillis(5),
            Optional.empty(),
            1,
            Optional.empty()),
        new Connections(farm.broker.join(), farm.broker, store, farm.events, progress, orders),
        with,
        Clock.systemUTC());
  }
}

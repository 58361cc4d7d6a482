package farm.darkroom.worker;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import farm.darkroom.common.Await;
import farm.darkroom.common.FarmException;
import farm.darkroom.common.queue.Cancellations;
import farm.darkroom.common.queue.Heartbeat;
import farm.darkroom.common.queue.InMemoryProgressLog;
import farm.darkroom.common.queue.JobQueue;
import farm.darkroom.common.store.StoreKeys;
import farm.darkroom.worker.result.PreviewRate;
import farm.darkroom.worker.stage.FakeRenderer;
import farm.darkroom.worker.stage.InMemoryFarm;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.ServerSocket;
import java.time.Clock;
import java.time.Duration;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** The worker as a whole, in real time. */
@Timeout(60)
class WorkerTest {
  private final InMemoryFarm farm = new InMemoryFarm();
  private final FakeRenderer renderer = new FakeRenderer();
  private final InMemoryProgressLog progress = new InMemoryProgressLog();
  private final JobQueue queue = farm.broker.join();
  private final Worker worker = worker(Optional.empty());
  private final CountDownLatch inStep = new CountDownLatch(1);
  private final CountDownLatch mayGoOn = new CountDownLatch(1);

  /** Nobody asks anything of this worker. */
  private static final class Uncancelled implements Cancellations {
    @Override
    public boolean isCancelled(String jobId, Optional<String> batch) {
      return false;
    }

    @Override
    public boolean isDraining(String workerId) {
      return false;
    }
  }

  private Worker worker(Optional<InetSocketAddress> health) {
    return new Worker(
        new WorkerSettings(
            "w1",
            "q",
            "cpu",
            Duration.ofMillis(300),
            Duration.ofMillis(5),
            health,
            1,
            Optional.of(new PreviewRate(2))),
        new Connections(queue, farm.broker, farm.store, farm.events, progress, new Uncancelled()),
        renderer,
        Clock.systemUTC());
  }

  @AfterEach
  void stop() {
    mayGoOn.countDown();
    worker.stop();
  }

  @Test
  void worksUntilStopped() throws Exception {
    String id = farm.submitSeed(1);
    CompletableFuture<Optional<FarmException>> end = CompletableFuture.supplyAsync(worker::run);
    Await.until(() -> farm.stored(id));
    worker.stop();
    assertThat(end.get(10, TimeUnit.SECONDS)).isEmpty();
    assertThat(progress.latest().get("w1").state()).isEqualTo("stopped");
    assertThat(progress.latest().get("w1").models()).isEmpty();
  }

  @Test
  void theFarmDoesNotHearOfAWorkerWhoseHealthPortIsTaken() throws IOException {
    InetAddress here = InetAddress.getLoopbackAddress();
    try (ServerSocket taken = new ServerSocket(0, 1, here)) {
      InetSocketAddress address = new InetSocketAddress(here, taken.getLocalPort());
      assertThatThrownBy(worker(Optional.of(address))::run)
          .isInstanceOf(FarmException.class)
          .hasMessageContaining("--health-port takes another port");
    }
    assertThat(progress.latest()).isEmpty();
  }

  @Test
  void heartbeatsSayWhatItRenders() throws Exception {
    String id = farm.submitSeed(1);
    renderer.betweenSteps(this::hang);
    CompletableFuture<Optional<FarmException>> end = CompletableFuture.supplyAsync(worker::run);
    assertThat(inStep.await(10, TimeUnit.SECONDS)).isTrue();
    Await.until(
        () ->
            Optional.ofNullable(progress.latest().get("w1"))
                .flatMap(Heartbeat::render)
                .filter(render -> render.step() > 0)
                .isPresent());
    Heartbeat beat = progress.latest().get("w1");
    Heartbeat.Render render = beat.render().orElseThrow();
    assertThat(beat.state()).isEqualTo("rendering");
    assertThat(beat.models()).containsExactly("demo", "demo-refiner");
    assertThat(beat.memoryBytes()).isPositive();
    assertThat(render.jobId()).isEqualTo(id);
    assertThat(render.batch()).contains("night");
    assertThat(render.steps()).isEqualTo(FakeRenderer.STEPS);
    assertThat(render.step()).isOne();
    Await.until(() -> farm.store.exists(StoreKeys.preview(id)));
    mayGoOn.countDown();
    Await.until(() -> farm.stored(id));
    Await.until(() -> !farm.store.exists(StoreKeys.preview(id)));
    assertThat(end).isNotDone();
  }

  @Test
  void jobOfAStepThatDoesNotEndIsGivenBackWhenTheGraceIsOver() throws Exception {
    farm.submitSeed(1);
    renderer.betweenSteps(this::hang);
    CompletableFuture<Optional<FarmException>> end = CompletableFuture.supplyAsync(worker::run);
    assertThat(inStep.await(10, TimeUnit.SECONDS)).isTrue();
    worker.stop();
    assertThat(end).isNotDone();
    assertThat(farm.broker.join().lease(Duration.ZERO)).isPresent();
  }

  @Test
  void workerThatCannotRenderSaysWhy() throws Exception {
    renderer.sick(true);
    CompletableFuture<Optional<FarmException>> end = CompletableFuture.supplyAsync(worker::run);
    Await.until(() -> progress.latest().containsKey("w1"));
    Await.until(() -> progress.latest().get("w1").trouble().isPresent());
    assertThat(progress.latest().get("w1").trouble().orElseThrow()).contains("NaN");
    assertThat(progress.latest().get("w1").models()).isEmpty();
    assertThat(end).isNotDone();
  }

  private void hang() {
    inStep.countDown();
    try {
      mayGoOn.await();
    } catch (InterruptedException e) {
      throw new AssertionError(e);
    }
  }
}

package farm.darkroom.worker;

import static org.assertj.core.api.Assertions.assertThat;

import farm.darkroom.common.FailureKind;
import farm.darkroom.common.FarmException;
import farm.darkroom.common.queue.Heartbeat;
import farm.darkroom.common.queue.InMemoryProgressLog;
import farm.darkroom.common.queue.ProgressLog;
import farm.darkroom.worker.health.ManualTime;
import farm.darkroom.worker.health.WorkerStatus;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CountDownLatch;
import java.util.function.Supplier;
import org.junit.jupiter.api.Test;

class HeartbeatPublisherTest {
  private final ManualTime time = new ManualTime();
  private final InMemoryProgressLog progress = new InMemoryProgressLog();
  private final WorkerStatus status = new WorkerStatus(time, Optional::empty);
  private Supplier<List<String>> models = () -> List.of("demo");

  @Test
  void heartbeatsGoOnWhenModelsCannotBeListed() {
    try (HeartbeatPublisher heartbeats = heartbeats()) {
      models =
          () -> {
            throw new UncheckedIOException(new IOException("Stale file handle"));
          };
      heartbeats.publishHeartbeat();
      assertThat(progress.latest()).isEmpty();
      models = () -> List.of("demo");
      heartbeats.publishHeartbeat();
      assertThat(progress.latest().get("w1").models()).containsExactly("demo");
    }
  }

  @Test
  void workerThatCannotRenderOffersNothing() {
    try (HeartbeatPublisher heartbeats = heartbeats()) {
      status.sick("device gone");
      heartbeats.publishHeartbeat();
      assertThat(progress.latest().get("w1").models()).isEmpty();
      assertThat(progress.latest().get("w1").trouble()).contains("device gone");
    }
  }

  /** Jobs may wait for it. */
  @Test
  void workerWithoutAStoreStillOffersItsModels() {
    try (HeartbeatPublisher heartbeats = heartbeats()) {
      status.unanswered("store: no connection");
      heartbeats.publishHeartbeat();
      assertThat(progress.latest().get("w1").models()).containsExactly("demo");
      assertThat(progress.latest().get("w1").trouble()).contains("store: no connection");
    }
  }

  /** A broker that does not answer is given up after seconds. */
  @Test
  void closeDoesNotWaitForAStuckHeartbeat() {
    CountDownLatch answer = new CountDownLatch(1);
    HeartbeatPublisher heartbeats = heartbeats(new WaitingProgressLog(answer));
    CompletableFuture<Void> closing = CompletableFuture.runAsync(heartbeats::close);
    try {
      assertThat(closing).succeedsWithin(Duration.ofSeconds(30));
    } finally {
      answer.countDown();
    }
  }

  private record WaitingProgressLog(CountDownLatch answer) implements ProgressLog {
    @Override
    public void publish(Heartbeat publishHeartbeat) {
      try {
        answer.await();
      } catch (InterruptedException e) {
        throw new FarmException(FailureKind.QUEUE_UNAVAILABLE, "interrupted", e);
      }
    }

    @Override
    public Map<String, Heartbeat> latest() {
      return Map.of();
    }

    @Override
    public void close() {}
  }

  private HeartbeatPublisher heartbeats() {
    return heartbeats(progress);
  }

  private HeartbeatPublisher heartbeats(ProgressLog log) {
    WorkerSettings settings = WorkerSettings.of("w1", "q", "cpu");
    return new HeartbeatPublisher(settings, status, () -> models.get(), () -> 0, log, time);
  }
}

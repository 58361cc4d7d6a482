package farm.darkroom.worker.stage;

import farm.darkroom.common.Backoff;
import farm.darkroom.common.queue.Cancellations;
import farm.darkroom.common.queue.EventLog;
import farm.darkroom.common.queue.InMemoryJobQueue;
import farm.darkroom.common.store.ResultStore;
import farm.darkroom.worker.health.ManualTime;
import farm.darkroom.worker.health.Metrics;
import farm.darkroom.worker.health.WorkerStatus;
import farm.darkroom.worker.lease.JobEventPublisher;
import farm.darkroom.worker.lease.JobsBeingStored;
import farm.darkroom.worker.lease.LeaseAcknowledger;
import farm.darkroom.worker.lease.LeaseKeeper;
import farm.darkroom.worker.lease.OutageRetry;
import farm.darkroom.worker.result.Finisher;
import farm.darkroom.worker.result.PreviewUploads;
import farm.darkroom.worker.result.UnstoredResults;
import java.time.Duration;
import java.util.HashSet;
import java.util.Optional;
import java.util.Random;
import java.util.Set;

/** A worker of an {@link InMemoryFarm}: the real loop around a fake renderer. */
final class FakeWorker implements Cancellations, OtherWorkers {
  final FakeRenderer renderer = new FakeRenderer();
  final Set<String> cancelled = new HashSet<>();
  final Set<String> offered = new HashSet<>();
  final InMemoryJobQueue queue;
  final Metrics metrics;
  final WorkerStatus status;
  final JobsBeingStored beingStored = new JobsBeingStored(2);
  final WorkerLoop loop;
  private final ManualTime time;
  private boolean draining;
  private boolean paused;

  FakeWorker(InMemoryFarm farm, String name) {
    this(farm, name, 1);
  }

  /** One that renders up to {@code pictures} side by side. */
  FakeWorker(InMemoryFarm farm, String name, int pictures) {
    this(farm, name, farm.store.anotherWriter(), farm.events, pictures);
  }

  FakeWorker(InMemoryFarm farm, String name, ResultStore store, EventLog events) {
    this(farm, name, store, events, 1);
  }

  private FakeWorker(
      InMemoryFarm farm, String name, ResultStore store, EventLog events, int pictures) {
    this(farm, name, store, events, pictures, Optional.empty());
  }

  /** One that shows what it renders. */
  FakeWorker(InMemoryFarm farm, String name, PreviewUploads previews) {
    this(farm, name, farm.store.anotherWriter(), farm.events, 1, Optional.of(previews));
  }

  private FakeWorker(
      InMemoryFarm farm,
      String name,
      ResultStore store,
      EventLog events,
      int pictures,
      Optional<PreviewUploads> previews) {
    this.time = farm.time;
    this.queue = farm.broker.join();
    Backoff backoff = new Backoff(Duration.ofMillis(100), Duration.ofSeconds(5));
    OutageRetry retry = new OutageRetry(backoff, new Random(1), time);
    this.status = new WorkerStatus(time, retry::outage);
    this.metrics = new Metrics(status);
    metrics.watch(beingStored::size);
    this.loop =
        new WorkerLoop(
            new StageContext(
                new QueueConsumer(
                    name, "q", queue, new LeaseKeeper(queue::leaseTime, time, metrics), this),
                renderer,
                new CircuitBreaker(3, new Backoff(Duration.ofSeconds(10), Duration.ofMinutes(5))),
                this,
                new JobCompletion(
                    retry,
                    new JobEventPublisher(name, events, retry, metrics, time),
                    new LeaseAcknowledger(farm.broker, retry)),
                new Results(
                    store, new Finisher(name), beingStored, new UnstoredResults(3), previews),
                new Background(Runnable::run, time),
                new Telemetry(status, metrics, time, time)),
            pictures);
  }

  /**
   * Takes one lease and goes on until nothing is held.
   *
   * @return the stage after that
   */
  Stage workOnce() {
    return finish(loop.next(new Idle()));
  }

  /** Goes on while a lease is held. */
  Stage finish(Stage from) {
    Stage stage = from;
    while (stage instanceof HeldStage) {
      stage = loop.next(stage);
    }
    return stage;
  }

  /** Works until the queue is empty; probes and rests as they come. */
  Stage workOff(InMemoryFarm farm) {
    Stage stage = new Idle();
    while (!(stage instanceof Stopped) && (farm.broker.depth() > 0 || stage instanceof HeldStage)) {
      stage = loop.next(stage);
    }
    return stage;
  }

  void pause(boolean now) {
    paused = now;
  }

  @Override
  public boolean isPaused(String name) {
    return paused && name.equals("q");
  }

  void drain() {
    draining = true;
  }

  @Override
  public boolean isCancelled(String jobId, Optional<String> batch) {
    return cancelled.contains(jobId) || batch.filter(cancelled::contains).isPresent();
  }

  @Override
  public boolean isDraining(String workerId) {
    return draining;
  }

  @Override
  public boolean isOfferedByAnother(String model) {
    return offered.contains(model);
  }

  @Override
  public boolean isAnotherRunning(String model) {
    return offered.contains(model);
  }
}

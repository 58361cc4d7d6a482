package farm.darkroom.worker;

import static java.util.Objects.requireNonNull;

import farm.darkroom.common.Backoff;
import farm.darkroom.common.DaemonThreads;
import farm.darkroom.common.FarmException;
import farm.darkroom.worker.health.HealthServer;
import farm.darkroom.worker.health.Metrics;
import farm.darkroom.worker.health.StoppableTime;
import farm.darkroom.worker.health.WorkerStatus;
import farm.darkroom.worker.lease.JobEventPublisher;
import farm.darkroom.worker.lease.JobsBeingStored;
import farm.darkroom.worker.lease.LeaseAcknowledger;
import farm.darkroom.worker.lease.LeaseKeeper;
import farm.darkroom.worker.lease.OutageRetry;
import farm.darkroom.worker.port.Renderer;
import farm.darkroom.worker.result.Finisher;
import farm.darkroom.worker.result.PreviewUploads;
import farm.darkroom.worker.result.UnstoredResults;
import farm.darkroom.worker.stage.Background;
import farm.darkroom.worker.stage.CircuitBreaker;
import farm.darkroom.worker.stage.JobCompletion;
import farm.darkroom.worker.stage.QueueConsumer;
import farm.darkroom.worker.stage.Results;
import farm.darkroom.worker.stage.StageContext;
import farm.darkroom.worker.stage.Stopped;
import farm.darkroom.worker.stage.Telemetry;
import farm.darkroom.worker.stage.WorkerLoop;
import java.time.Clock;
import java.time.Duration;
import java.util.Optional;
import java.util.Random;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.TimeUnit;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * One worker: takes jobs off a queue, renders them with its renderer and stores what comes out,
 * until it is told to stop. {@link #run} is called once; {@link #stop} from any thread.
 */
public final class Worker {
  private static final Logger log = LoggerFactory.getLogger(Worker.class);
  private static final Backoff OUTAGE = new Backoff(Duration.ofMillis(200), Duration.ofSeconds(15));
  private static final Backoff UNFIT = new Backoff(Duration.ofSeconds(5), Duration.ofMinutes(5));
  private static final int FAILURES_IN_A_ROW = 3;

  /** Jobs that are stored while the next renders: several where renders take less than that. */
  private static final int MOST_BEING_STORED = 4;

  private final WorkerSettings settings;
  private final Connections farm;
  private final Renderer renderer;
  private final Clock clock;
  private final StoppableTime time = StoppableTime.real();
  private final OutageRetry retry = new OutageRetry(OUTAGE, new Random(), time);
  private final WorkerStatus status = new WorkerStatus(time, this::trouble);
  private final JobsBeingStored beingStored = new JobsBeingStored(MOST_BEING_STORED);
  private final Metrics metrics = new Metrics(status);
  private final ExecutorService background =
      Executors.newCachedThreadPool(DaemonThreads.named("background"));
  private final CountDownLatch ended = new CountDownLatch(1);

  public Worker(WorkerSettings settings, Connections farm, Renderer renderer, Clock clock) {
    this.settings = requireNonNull(settings, "settings");
    this.farm = requireNonNull(farm, "farm");
    this.renderer = requireNonNull(renderer, "renderer");
    this.clock = requireNonNull(clock, "clock");
    metrics.watch(beingStored::size);
    metrics.watch(renderer);
  }

  /**
   * Works until it is told to stop, or drained.
   *
   * @return why it gave up, if it was neither: it could never render, or the queue refused it
   */
  public Optional<FarmException> run() {
    // First: a worker whose port is taken ends, and the farm has not heard of it.
    try (HealthServer health = openHealth();
        LeaseKeeper keeper = new LeaseKeeper(farm.queue()::leaseTime, time, metrics);
        HeartbeatPublisher heartbeats = heartbeats(keeper)) {
      if (health != null) {
        log.info("health and metrics on port {}", health.port());
      }
      heartbeats.start();
      return work(keeper);
    } finally {
      background.shutdown();
      ended.countDown();
    }
  }

  /** Null where none is wanted, which try-with-resources passes over. */
  private HealthServer openHealth() {
    return settings.health().map(at -> new HealthServer(at, status, metrics)).orElse(null);
  }

  private HeartbeatPublisher heartbeats(LeaseKeeper keeper) {
    return new HeartbeatPublisher(
        settings, status, renderer::models, keeper::held, farm.progress(), clock);
  }

  private Optional<FarmException> work(LeaseKeeper keeper) {
    Optional<PreviewUploads> previews =
        settings
            .previews()
            .map(rate -> new PreviewUploads(rate, farm.store(), time, settings.grace()));
    try {
      Stopped end = new WorkerLoop(context(keeper, previews), settings.batch()).run();
      status.enter(end);
      return end.why();
    } finally {
      previews.ifPresent(PreviewUploads::close);
    }
  }

  /**
   * Tells the worker to stop and waits until it has stored or handed back what it holds. When the
   * grace is over its leases are given back from here.
   *
   * @return whether it ended within the grace
   */
  public boolean stop() {
    time.stop();
    farm.queue().stopLeasing();
    if (endsWithin(settings.grace())) {
      return true;
    }
    log.warn("not done within {}: giving back now what is held", settings.grace());
    farm.queue().close();
    return false;
  }

  private boolean endsWithin(Duration wait) {
    try {
      return ended.await(wait.toNanos(), TimeUnit.NANOSECONDS);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      return false;
    }
  }

  private Optional<String> trouble() {
    return retry.outage().or(farm.cancellations()::receiveProblem);
  }

  private StageContext context(LeaseKeeper keeper, Optional<PreviewUploads> previews) {
    JobEventPublisher events =
        new JobEventPublisher(settings.id(), farm.events(), retry, metrics, clock);
    return new StageContext(
        new QueueConsumer(
            settings.id(), settings.queue(), farm.queue(), keeper, farm.cancellations()),
        renderer,
        new CircuitBreaker(FAILURES_IN_A_ROW, UNFIT),
        new WorkersByHeartbeat(settings.id(), farm.progress()),
        new JobCompletion(retry, events, new LeaseAcknowledger(farm.publisher(), retry)),
        new Results(
            farm.store(),
            new Finisher(settings.id()),
            beingStored,
            new UnstoredResults(MOST_BEING_STORED + 1),
            previews),
        new Background(background, time),
        new Telemetry(status, metrics, time, clock));
  }
}

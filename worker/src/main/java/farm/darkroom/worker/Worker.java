package farm.darkroom.worker;

import static java.util.Objects.requireNonNull;

import farm.darkroom.common.Backoff;
import farm.darkroom.common.DaemonThreads;
import farm.darkroom.common.FarmException;
import farm.darkroom.worker.lease.Announcer;
import farm.darkroom.worker.lease.Endings;
import farm.darkroom.worker.lease.LeaseKeeper;
import farm.darkroom.worker.lease.Persistence;
import farm.darkroom.worker.lease.Rack;
import farm.darkroom.worker.port.Renderer;
import farm.darkroom.worker.pulse.HealthServer;
import farm.darkroom.worker.pulse.Metrics;
import farm.darkroom.worker.pulse.Pace;
import farm.darkroom.worker.pulse.Vitals;
import farm.darkroom.worker.result.Finisher;
import farm.darkroom.worker.result.PreviewUploads;
import farm.darkroom.worker.result.Shelf;
import farm.darkroom.worker.stage.Background;
import farm.darkroom.worker.stage.Fitness;
import farm.darkroom.worker.stage.Intake;
import farm.darkroom.worker.stage.Pulse;
import farm.darkroom.worker.stage.Results;
import farm.darkroom.worker.stage.Settlement;
import farm.darkroom.worker.stage.Station;
import farm.darkroom.worker.stage.Stopped;
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

  /** Room for one job while the next renders, and for more where the renders are the shorter. */
  private static final int RACK_PLACES = 4;

  private final WorkerSettings settings;
  private final Connections farm;
  private final Renderer renderer;
  private final Clock clock;
  private final Pace pace = Pace.real();
  private final Persistence persistence = new Persistence(OUTAGE, new Random(), pace);
  private final Vitals vitals = new Vitals(pace, this::trouble);
  private final Rack rack = new Rack(RACK_PLACES);
  private final Metrics metrics = new Metrics(vitals);
  private final ExecutorService background =
      Executors.newCachedThreadPool(DaemonThreads.named("background"));
  private final CountDownLatch ended = new CountDownLatch(1);

  public Worker(WorkerSettings settings, Connections farm, Renderer renderer, Clock clock) {
    this.settings = requireNonNull(settings, "settings");
    this.farm = requireNonNull(farm, "farm");
    this.renderer = requireNonNull(renderer, "renderer");
    this.clock = requireNonNull(clock, "clock");
    metrics.watch(rack::size);
    metrics.watch(renderer);
  }

  /**
   * Works until it is told to stop, or drained.
   *
   * @return why it gave up, if it was neither: it could never render, or the queue refused it
   */
  public Optional<FarmException> run() {
    try (LeaseKeeper keeper = new LeaseKeeper(farm.queue()::leaseTime, pace, metrics);
        Heart heart = heart(keeper)) {
      heart.start();
      return work(keeper);
    } finally {
      background.shutdown();
      ended.countDown();
    }
  }

  private Heart heart(LeaseKeeper keeper) {
    return new Heart(settings, vitals, renderer::models, keeper::held, farm.progress(), clock);
  }

  private Optional<FarmException> work(LeaseKeeper keeper) {
    Optional<HealthServer> health =
        settings.health().map(address -> new HealthServer(address, vitals, metrics));
    health.ifPresent(server -> log.info("health and metrics on port {}", server.port()));
    Optional<PreviewUploads> previews =
        settings
            .previews()
            .map(rate -> new PreviewUploads(rate, farm.store(), pace, settings.grace()));
    try {
      Stopped end = new WorkerLoop(station(keeper, previews), settings.batch()).run();
      vitals.enter(end);
      return end.why();
    } finally {
      previews.ifPresent(PreviewUploads::close);
      health.ifPresent(HealthServer::close);
    }
  }

  /**
   * Tells the worker to stop and waits until it has stored or handed back what it holds. When the
   * grace is over its leases are given back from here.
   *
   * @return whether it ended within the grace
   */
  public boolean stop() {
    pace.stop();
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
    return persistence.outage().or(farm.cancellations()::deafness);
  }

  private Station station(LeaseKeeper keeper, Optional<PreviewUploads> previews) {
    Announcer announcer = new Announcer(settings.id(), farm.events(), persistence, metrics, clock);
    return new Station(
        new Intake(settings.id(), settings.queue(), farm.queue(), keeper, farm.cancellations()),
        renderer,
        new Fitness(FAILURES_IN_A_ROW, UNFIT),
        new HeardWorkers(settings.id(), farm.progress()),
        new Settlement(persistence, announcer, new Endings(farm.publisher(), persistence)),
        new Results(
            farm.store(), new Finisher(settings.id()), rack, new Shelf(RACK_PLACES + 1), previews),
        new Background(background, pace),
        new Pulse(vitals, metrics, pace, clock));
  }
}

package farm.darkroom.worker;

import static java.util.Objects.requireNonNull;

import farm.darkroom.common.DaemonThreads;
import farm.darkroom.common.FarmException;
import farm.darkroom.common.queue.Heartbeat;
import farm.darkroom.common.queue.ProgressLog;
import farm.darkroom.worker.health.ProcessMemory;
import farm.darkroom.worker.health.WorkerStatus;
import java.time.Clock;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.TimeUnit;
import java.util.function.IntSupplier;
import java.util.function.Supplier;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Publishes the worker's heartbeats from a thread of its own. */
final class HeartbeatPublisher implements AutoCloseable {
  private static final Logger log = LoggerFactory.getLogger(HeartbeatPublisher.class);

  /**
   * How long a leaving worker waits to publish its last heartbeat, since the broker may be away.
   */
  private static final Duration LAST = Duration.ofSeconds(1);

  private final WorkerSettings settings;
  private final WorkerStatus status;
  private final Supplier<List<String>> models;
  private final IntSupplier leases;
  private final ProgressLog progress;
  private final Clock clock;
  private final ScheduledExecutorService thread =
      Executors.newSingleThreadScheduledExecutor(DaemonThreads.named("heartbeats"));
  private volatile boolean silent;

  /**
   * @param models that jobs may ask this worker for
   * @param leases how many jobs it holds
   */
  HeartbeatPublisher(
      WorkerSettings settings,
      WorkerStatus status,
      Supplier<List<String>> models,
      IntSupplier leases,
      ProgressLog progress,
      Clock clock) {
    this.settings = requireNonNull(settings, "settings");
    this.status = requireNonNull(status, "status");
    this.models = requireNonNull(models, "models");
    this.leases = requireNonNull(leases, "leases");
    this.progress = requireNonNull(progress, "progress");
    this.clock = requireNonNull(clock, "clock");
  }

  void start() {
    long every = settings.heartbeat().toNanos();
    Future<?> beats =
        thread.scheduleWithFixedDelay(this::publishHeartbeat, 0, every, TimeUnit.NANOSECONDS);
    log.debug("heartbeats every {}: {}", settings.heartbeat(), beats);
  }

  /** Publishes one heartbeat; a failure is only logged. */
  void publishHeartbeat() {
    try {
      progress.publish(heartbeat(status.now()));
      silent = false;
    } catch (FarmException e) {
      missed(e.getMessage(), null);
    } catch (RuntimeException | Error e) {
      // Thrown out of here it would be the end of all heartbeats: a model folder may be away.
      missed(e.toString(), e);
    }
  }

  private void missed(String why, Throwable surprise) {
    if (!silent) {
      log.warn("no heartbeats get through: {}", why, surprise);
    }
    silent = true;
  }

  /**
   * A worker that cannot render, or is gone, offers nothing; others may wait for one that rests.
   */
  private Heartbeat heartbeat(WorkerStatus.Moment now) {
    return new Heartbeat(
        settings.id(),
        clock.instant(),
        now.stage(),
        settings.device(),
        now.offers() ? models.get() : List.of(),
        now.render(),
        ProcessMemory.residentBytes(),
        now.trouble(),
        Optional.of(settings.queue()),
        Optional.of(leases.getAsInt()));
  }

  /**
   * Publishes a last heartbeat which says that the worker is gone, but does not wait long for it.
   */
  @Override
  public void close() {
    thread.execute(this::publishHeartbeat);
    thread.shutdown();
    try {
      if (!thread.awaitTermination(LAST.toNanos(), TimeUnit.NANOSECONDS)) {
        log.debug("the last heartbeat is not through");
      }
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
  }
}

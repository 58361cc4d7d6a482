package farm.darkroom.worker;

import static java.util.Comparator.naturalOrder;
import static java.util.Objects.requireNonNull;

import farm.darkroom.common.queue.Heartbeat;
import farm.darkroom.common.queue.ProgressLog;
import farm.darkroom.worker.stage.OtherWorkers;
import java.time.Duration;
import java.time.Instant;
import java.util.Collection;
import java.util.stream.Stream;

/**
 * What the heartbeats tell of the other workers. An offer counts as long as the log retains it,
 * because a worker that was away for a minute comes back, and clocks differ. Thread-safe.
 */
final class WorkersByHeartbeat implements OtherWorkers {
  private static final String SINGLE_FILE = ".safetensors";

  /** A worker that was silent for this long is taken to be gone. */
  private static final Duration UP = Duration.ofSeconds(30);

  private final String self;
  private final ProgressLog progress;

  WorkersByHeartbeat(String self, ProgressLog progress) {
    this.self = requireNonNull(self, "self");
    this.progress = requireNonNull(progress, "progress");
  }

  @Override
  public boolean isOfferedByAnother(String model) {
    return offers(progress.latest().values().stream(), model);
  }

  /**
   * Compares by the broker's clock: the latest heartbeat, normally this worker's own, tells the
   * time.
   */
  @Override
  public boolean isAnotherRunning(String model) {
    Collection<Heartbeat> beats = progress.latest().values();
    Instant newest = beats.stream().map(Heartbeat::at).max(naturalOrder()).orElse(Instant.EPOCH);
    return offers(beats.stream().filter(beat -> beat.at().plus(UP).isAfter(newest)), model);
  }

  private boolean offers(Stream<Heartbeat> beats, String model) {
    return beats.filter(beat -> !beat.worker().equals(self)).anyMatch(beat -> offers(beat, model));
  }

  /** A model that is one file may be named without its ending. */
  private static boolean offers(Heartbeat beat, String model) {
    return beat.models().contains(model) || beat.models().contains(model + SINGLE_FILE);
  }
}

package farm.darkroom.worker;

import static java.util.Objects.requireNonNull;

import farm.darkroom.common.queue.Heartbeat;
import farm.darkroom.common.queue.ProgressLog;

/**
 * The other workers, by their heartbeats. An offer counts for as long as the log keeps it: who is
 * away for a minute comes back, and clocks differ. Thread-safe.
 */
final class HeardWorkers implements OtherWorkers {
  private static final String SINGLE_FILE = ".safetensors";

  private final String self;
  private final ProgressLog progress;

  HeardWorkers(String self, ProgressLog progress) {
    this.self = requireNonNull(self, "self");
    this.progress = requireNonNull(progress, "progress");
  }

  @Override
  public boolean anotherOffers(String model) {
    return progress.latest().values().stream()
        .filter(beat -> !beat.worker().equals(self))
        .anyMatch(beat -> offers(beat, model));
  }

  /** A model that is one file may be named without its ending. */
  private static boolean offers(Heartbeat beat, String model) {
    return beat.models().contains(model) || beat.models().contains(model + SINGLE_FILE);
  }
}

package farm.darkroom.worker;

import static java.util.Objects.requireNonNull;

import farm.darkroom.common.queue.Heartbeat;
import farm.darkroom.common.queue.ProgressLog;
import java.time.Clock;
import java.time.Duration;

/** The other workers, by their heartbeats. Thread-safe. */
final class HeartbeatFleet implements Fleet {
  private static final String SINGLE_FILE = ".safetensors";

  /** Long enough for a missed heartbeat or two and for clocks that differ. */
  private static final Duration RECENT = Duration.ofMinutes(1);

  private final String self;
  private final ProgressLog progress;
  private final Clock clock;

  HeartbeatFleet(String self, ProgressLog progress, Clock clock) {
    this.self = requireNonNull(self, "self");
    this.progress = requireNonNull(progress, "progress");
    this.clock = requireNonNull(clock, "clock");
  }

  @Override
  public boolean anotherOffers(String model) {
    return progress.latest().values().stream()
        .filter(beat -> !beat.worker().equals(self))
        .filter(this::recent)
        .anyMatch(beat -> offers(beat, model));
  }

  /** A model that is one file may be named without its ending. */
  private static boolean offers(Heartbeat beat, String model) {
    return beat.models().contains(model) || beat.models().contains(model + SINGLE_FILE);
  }

  private boolean recent(Heartbeat beat) {
    return Duration.between(beat.at(), clock.instant()).abs().compareTo(RECENT) < 0;
  }
}

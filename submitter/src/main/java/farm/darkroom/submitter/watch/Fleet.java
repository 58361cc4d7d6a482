package farm.darkroom.submitter.watch;

import farm.darkroom.common.queue.Heartbeat;
import farm.darkroom.common.queue.Heartbeat.Render;
import farm.darkroom.common.queue.ProgressLog;
import java.time.Duration;
import java.time.Instant;
import java.util.Comparator;
import java.util.List;

/**
 * The workers of a farm at one time.
 *
 * @param beats the last of each worker that did not leave, by worker
 */
public record Fleet(List<Heartbeat> beats, Instant at) {
  /** Workers speak every other second; one that was not heard for so long may be gone. */
  public static final Duration SILENCE = Duration.ofSeconds(10);

  private static final String LEFT = "stopped";

  public Fleet {
    beats = List.copyOf(beats);
  }

  /**
   * The workers that the log knows.
   *
   * @throws farm.darkroom.common.FarmException QUEUE_UNAVAILABLE
   */
  public static Fleet read(ProgressLog progress, Instant now) {
    return new Fleet(
        progress.latest().values().stream()
            .filter(beat -> !beat.state().equals(LEFT))
            .sorted(Comparator.comparing(Heartbeat::worker))
            .toList(),
        now);
  }

  public boolean isSilent(Heartbeat beat) {
    return beat.at().plus(SILENCE).isBefore(at);
  }

  /** Steps per second of all that render now. */
  public double iterationsPerSecond() {
    return beats.stream()
        .filter(beat -> !isSilent(beat))
        .flatMap(beat -> beat.render().stream())
        .mapToDouble(Render::iterationsPerSecond)
        .sum();
  }
}

package farm.darkroom.submitter.watch;

import farm.darkroom.common.queue.Heartbeat;
import farm.darkroom.common.queue.Heartbeat.Render;
import farm.darkroom.common.queue.ProgressLog;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.Comparator;
import java.util.List;
import java.util.Optional;
import java.util.Set;

/**
 * A farm's workers at one moment.
 *
 * @param beats the last of each worker that did not leave, by worker
 */
public record WorkerHeartbeats(List<Heartbeat> beats, Instant at) {
  /** Workers speak every other second; one that was not heard for so long may be gone. */
  public static final Duration SILENCE = Duration.ofSeconds(10);

  private static final String LEFT = "stopped";
  private static final Set<String> FREE =
      Set.of("starting", "idle", "paused", "probing", "resting", LEFT);

  public WorkerHeartbeats {
    beats = List.copyOf(beats);
  }

  /**
   * The workers that the log knows. Where one's own clock makes one of them gone, or speak in the
   * future, the clock of the log is asked what is true.
   *
   * @param own the reader's
   * @throws farm.darkroom.common.FarmException QUEUE_UNAVAILABLE
   */
  public static WorkerHeartbeats read(ProgressLog progress, Clock own) {
    List<Heartbeat> beats =
        progress.latest().values().stream()
            .filter(beat -> !beat.state().equals(LEFT))
            .sorted(Comparator.comparing(Heartbeat::worker))
            .toList();
    WorkerHeartbeats heartbeats = new WorkerHeartbeats(beats, own.instant());
    boolean odd =
        beats.stream().anyMatch(beat -> heartbeats.isGone(beat) || heartbeats.isAhead(beat));
    return odd ? new WorkerHeartbeats(beats, progress.now(own)) : heartbeats;
  }

  /** The last word of one worker, unless that was that it left. */
  public Optional<Heartbeat> of(String worker) {
    return beats.stream().filter(beat -> beat.worker().equals(worker)).findFirst();
  }

  /** The workers of one queue that are there. */
  public List<Heartbeat> serving(String queue) {
    return beats.stream()
        .filter(beat -> beat.queue().filter(queue::equals).isPresent() && !isGone(beat))
        .toList();
  }

  /** How many of the queue's jobs its workers hold: leased and not yet acknowledged. */
  public long inFlight(String queue) {
    return serving(queue).stream().mapToInt(WorkerHeartbeats::held).sum();
  }

  /** A worker of an earlier version says only what it does. */
  private static int held(Heartbeat beat) {
    return beat.leases().orElse(FREE.contains(beat.state()) ? 0 : 1);
  }

  /** Whether a worker has not been heard for so long that it may be dead. */
  public boolean isGone(Heartbeat beat) {
    return silence(beat).compareTo(SILENCE) > 0;
  }

  /** How long ago it was heard. */
  public Duration silence(Heartbeat beat) {
    return Duration.between(beat.at(), at);
  }

  private boolean isAhead(Heartbeat beat) {
    return beat.at().isAfter(at);
  }

  /** Steps per second of all that render now. */
  public double iterationsPerSecond() {
    return beats.stream()
        .filter(beat -> !isGone(beat))
        .flatMap(beat -> beat.render().stream())
        .mapToDouble(Render::iterationsPerSecond)
        .sum();
  }
}

package farm.darkroom.common.queue;

import java.time.Clock;
import java.time.Instant;
import java.util.Map;

/** The workers' heartbeats ({@code darkroom.progress}). Thread-safe. */
public interface ProgressLog extends AutoCloseable {

  /**
   * Publishes a heartbeat. One that is lost does no harm: the next is seconds away.
   *
   * @throws farm.darkroom.common.FarmException QUEUE_UNAVAILABLE
   */
  void publish(Heartbeat beat);

  /**
   * The last heartbeat of every worker heard of within the hour before the last one, by worker.
   *
   * @throws farm.darkroom.common.FarmException QUEUE_UNAVAILABLE
   */
  Map<String, Heartbeat> latest();

  /**
   * The current time by the clock that stamps the heartbeats.
   *
   * @param own the reader's clock, for a log that has no other
   */
  default Instant now(Clock own) {
    return own.instant();
  }

  @Override
  void close();
}

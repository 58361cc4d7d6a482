package farm.darkroom.common.queue;

import farm.darkroom.common.job.JobEvent;
import java.time.Duration;
import java.util.List;
import java.util.Map;

/** The last event of each job ({@code darkroom.events}, compacted). Thread-safe. */
public interface EventLog extends AutoCloseable {

  /**
   * Publishes events, in order, durably.
   *
   * @throws farm.darkroom.common.FarmException QUEUE_UNAVAILABLE
   */
  void publish(List<JobEvent> events);

  /**
   * Publishes an event without waiting for it to be there. What this log publishes of the same job
   * afterwards comes after it; where the broker is away it may not come at all.
   *
   * @param onEnd is run when it is there, or may be there although nobody will say so; in any
   *     thread; must not wait
   * @throws farm.darkroom.common.FarmException QUEUE_UNAVAILABLE when that is known at once
   */
  default void publishAsync(JobEvent event, Runnable onEnd) {
    publish(List.of(event));
    onEnd.run();
  }

  /**
   * The last event of every job at the time of the call, by job id.
   *
   * @throws farm.darkroom.common.FarmException QUEUE_UNAVAILABLE
   */
  Map<String, JobEvent> latest();

  /**
   * The last events of the log, oldest first; several of them may be of one job.
   *
   * @param count how many at most, 1 and more
   * @throws farm.darkroom.common.FarmException QUEUE_UNAVAILABLE
   */
  List<JobEvent> last(int count);

  /**
   * A tail of the log from the time of the call on.
   *
   * @throws farm.darkroom.common.FarmException QUEUE_UNAVAILABLE
   */
  Tail follow();

  /** Reads events as they come. Not thread-safe. */
  interface Tail extends AutoCloseable {
    /**
     * The events that came, empty when none did within {@code wait}.
     *
     * @throws farm.darkroom.common.FarmException QUEUE_UNAVAILABLE
     */
    List<JobEvent> poll(Duration wait);

    @Override
    void close();
  }

  @Override
  void close();
}

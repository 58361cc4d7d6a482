package farm.darkroom.common.queue;

import java.time.Instant;
import java.util.Map;
import java.util.Optional;

/**
 * How full a queue is.
 *
 * @param lanes by lane, all of them
 * @param deadLetters how many dead letters lie there
 * @param members how many consumers of workers are in the share group now; a worker has one or more
 */
public record QueueStatus(
    String queue, Map<Lane, LaneStatus> lanes, long deadLetters, int members) {

  /**
   * One lane.
   *
   * @param depth jobs that are not done: waiting or leased
   * @param oldest when the oldest of them was published; empty when there is none
   */
  public record LaneStatus(long depth, Optional<Instant> oldest) {}

  public QueueStatus {
    lanes = Map.copyOf(lanes);
  }

  /** The number of unfinished jobs of all lanes. */
  public long depth() {
    return lanes.values().stream().mapToLong(LaneStatus::depth).sum();
  }
}

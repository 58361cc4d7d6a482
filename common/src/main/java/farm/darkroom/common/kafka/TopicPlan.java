package farm.darkroom.common.kafka;

import farm.darkroom.common.FailureKind;
import farm.darkroom.common.FarmException;
import java.time.Duration;
import java.util.Optional;

/**
 * How a queue is set up.
 *
 * @param tracks of each lane: so many batches on one lane get on side by side
 * @param partitions of each track's topic. One lets every worker reach every job; with more, and
 *     more workers than partitions, the broker gives each worker only a part of them
 * @param replication copies of each topic; empty for the broker's default
 * @param leaseTime how long a lease lasts without renewal; the broker has limits of its own (15 to
 *     60 seconds unless configured); empty for what the queue has, 30 seconds for a new one
 * @param deliveryLimit how often a job is handed out before it is a dead letter, 2 to 10; empty for
 *     what the queue has, 5 for a new one
 */
public record TopicPlan(
    int tracks,
    int partitions,
    Optional<Short> replication,
    Optional<Duration> leaseTime,
    Optional<Integer> deliveryLimit) {
  private static final int MOST_TRACKS = 100;

  public static final TopicPlan DEFAULT =
      new TopicPlan(8, 1, Optional.empty(), Optional.empty(), Optional.empty());

  static final Duration NEW_LEASE_TIME = Duration.ofSeconds(30);
  static final int NEW_DELIVERY_LIMIT = 5;

  public TopicPlan {
    require(tracks >= 1 && tracks <= MOST_TRACKS, "tracks", tracks, "1 to " + MOST_TRACKS);
    require(partitions >= 1 && partitions <= 1000, "partitions", partitions, "1 to 1000");
    require(replication.orElse((short) 1) >= 1, "replication", replication, "1 or more");
    deliveryLimit.ifPresent(n -> require(n >= 2 && n <= 10, "delivery limit", n, "2 to 10"));
    leaseTime.ifPresent(
        time ->
            require(time.toMillis() >= 1000, "lease time", time.toSeconds() + " s", "1 s or more"));
  }

  public TopicPlan withTracks(int other) {
    return new TopicPlan(other, partitions, replication, leaseTime, deliveryLimit);
  }

  public TopicPlan withPartitions(int other) {
    return new TopicPlan(tracks, other, replication, leaseTime, deliveryLimit);
  }

  public TopicPlan withReplication(short other) {
    return new TopicPlan(tracks, partitions, Optional.of(other), leaseTime, deliveryLimit);
  }

  public TopicPlan withLeaseTime(Duration other) {
    return new TopicPlan(tracks, partitions, replication, Optional.of(other), deliveryLimit);
  }

  public TopicPlan withDeliveryLimit(int other) {
    return new TopicPlan(tracks, partitions, replication, leaseTime, Optional.of(other));
  }

  private static void require(boolean holds, String what, Object found, String allowed) {
    if (!holds) {
      throw new FarmException(
          FailureKind.QUEUE_UNAVAILABLE,
          "queue settings: %s is %s, allowed: %s".formatted(what, found, allowed));
    }
  }
}

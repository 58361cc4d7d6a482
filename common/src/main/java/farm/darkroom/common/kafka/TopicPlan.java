package farm.darkroom.common.kafka;

import farm.darkroom.common.FailureKind;
import farm.darkroom.common.FarmException;
import java.time.Duration;
import java.util.Optional;

/**
 * How a queue is set up.
 *
 * @param partitions of each lane's topic. One lets every worker reach every job; with more, and
 *     more workers than partitions, the broker gives each worker only a part of them
 * @param replication copies of each topic; empty for the broker's default
 * @param leaseTime how long a lease lasts without renewal; the broker has limits of its own (15 to
 *     60 seconds unless configured)
 * @param deliveryLimit how often a job is handed out before it is a dead letter, 2 to 10
 */
public record TopicPlan(
    int partitions, Optional<Short> replication, Duration leaseTime, int deliveryLimit) {
  public static final TopicPlan DEFAULT =
      new TopicPlan(1, Optional.empty(), Duration.ofSeconds(30), 5);

  public TopicPlan {
    require(partitions >= 1 && partitions <= 1000, "partitions", partitions, "1 to 1000");
    require(replication.orElse((short) 1) >= 1, "replication", replication, "1 or more");
    require(deliveryLimit >= 2 && deliveryLimit <= 10, "delivery limit", deliveryLimit, "2 to 10");
    require(leaseTime.toMillis() >= 1000, "lease time", leaseTime, "at least one second");
  }

  public TopicPlan withPartitions(int other) {
    return new TopicPlan(other, replication, leaseTime, deliveryLimit);
  }

  public TopicPlan withReplication(short other) {
    return new TopicPlan(partitions, Optional.of(other), leaseTime, deliveryLimit);
  }

  public TopicPlan withLeaseTime(Duration other) {
    return new TopicPlan(partitions, replication, other, deliveryLimit);
  }

  public TopicPlan withDeliveryLimit(int other) {
    return new TopicPlan(partitions, replication, leaseTime, other);
  }

  private static void require(boolean holds, String what, Object found, String allowed) {
    if (!holds) {
      throw new FarmException(
          FailureKind.QUEUE_UNAVAILABLE,
          "queue settings: %s is %s, allowed: %s".formatted(what, found, allowed));
    }
  }
}

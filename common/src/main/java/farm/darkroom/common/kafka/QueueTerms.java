package farm.darkroom.common.kafka;

import java.time.Duration;

/**
 * On what terms the broker hands out the jobs of a queue.
 *
 * @param leaseTime how long a lease lasts without renewal
 * @param deliveryLimit how often a job is handed out before it is a dead letter
 */
public record QueueTerms(Duration leaseTime, int deliveryLimit) {}

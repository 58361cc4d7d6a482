package farm.darkroom.common.kafka;

import java.time.Duration;

/**
 * The broker's settings for handing out a queue's jobs.
 *
 * @param leaseTime how long a lease lasts without renewal
 * @param deliveryLimit how often a job is handed out before it is a dead letter
 */
public record LeaseSettings(Duration leaseTime, int deliveryLimit) {}

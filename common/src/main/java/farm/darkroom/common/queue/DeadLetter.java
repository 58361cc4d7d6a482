package farm.darkroom.common.queue;

import static java.util.Objects.requireNonNull;

import java.time.Instant;
import java.util.Optional;

/**
 * A record that the queue gave up: rejected, or delivered as often as the limit allows.
 *
 * @param key the record's key, normally the job id; null when it had none
 * @param payload the record's value as it was published
 * @param source the topic it was published on
 * @param deliveryCount how often it had been handed out; 0 when the broker did not say
 * @param at when it became a dead letter
 * @param record which record of the queue it was, as its {@link Lease#record} said; empty when the
 *     broker did not say
 */
@SuppressWarnings("ArrayRecordComponent") // bytes are handed over, never compared
public record DeadLetter(
    String key,
    byte[] payload,
    String source,
    int deliveryCount,
    Instant at,
    Optional<String> record) {
  public DeadLetter {
    requireNonNull(payload, "payload");
    requireNonNull(source, "source");
    requireNonNull(at, "at");
    requireNonNull(record, "record");
  }
}

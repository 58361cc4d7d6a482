/**
 * The ports of the queue: what the farm asks of a broker. No Kafka type stands here; its Kafka side
 * lives in {@code common.kafka}.
 */
package farm.darkroom.common.queue;

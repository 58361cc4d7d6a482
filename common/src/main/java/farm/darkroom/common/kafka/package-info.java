/**
 * The Kafka side of the queue's ports: topics and their settings, share consumers as leases,
 * compacted topics as logs. It knows no store, and of jobs only keys, bytes and events.
 */
package farm.darkroom.common.kafka;

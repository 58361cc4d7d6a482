package farm.darkroom.common.kafka;

import java.util.HashMap;
import java.util.Map;
import org.apache.kafka.clients.admin.Admin;
import org.apache.kafka.clients.consumer.Consumer;
import org.apache.kafka.clients.consumer.KafkaConsumer;
import org.apache.kafka.clients.consumer.KafkaShareConsumer;
import org.apache.kafka.clients.consumer.ShareConsumer;
import org.apache.kafka.clients.producer.KafkaProducer;
import org.apache.kafka.clients.producer.Producer;
import org.apache.kafka.common.serialization.ByteArrayDeserializer;
import org.apache.kafka.common.serialization.ByteArraySerializer;

/**
 * Creates Kafka clients: the user's own properties, overlaid with the settings on which the farm
 * depends.
 */
record KafkaClients(KafkaSettings settings) {
  /** How long the broker holds a fetch that finds nothing, in milliseconds. */
  static final String FETCH_WAIT = "200";

  /** Keeps the broker from creating topics on lookup, without the settings that jobs depend on. */
  private static final String NO_NEW_TOPICS = "allow.auto.create.topics";

  Admin admin() {
    return failures().during("connect", () -> Admin.create(common()));
  }

  KafkaFailures failures() {
    boolean clear = !settings.properties().containsKey("security.protocol");
    return new KafkaFailures(settings.bootstrap(), clear);
  }

  /**
   * An idempotent producer that keeps the order of records and waits for all in-sync replicas.
   *
   * @param compression such as {@code lz4}, or {@code none}
   */
  Producer<byte[], byte[]> producer(String compression) {
    Map<String, Object> properties = common();
    properties.remove("default.api.timeout.ms");
    properties.put("acks", "all");
    properties.put("enable.idempotence", "true");
    properties.put("compression.type", compression);
    // A worker with short jobs waits for its events: what several threads write comes together.
    properties.put("linger.ms", "1");
    properties.put("max.block.ms", patience());
    properties.put("delivery.timeout.ms", patience());
    return failures()
        .during(
            "connect",
            () ->
                new KafkaProducer<>(
                    properties, new ByteArraySerializer(), new ByteArraySerializer()));
  }

  /** A consumer without a group, which reads assigned partitions as a whole. */
  Consumer<byte[], byte[]> reader() {
    Map<String, Object> properties = common();
    properties.put("enable.auto.commit", "false");
    properties.put(NO_NEW_TOPICS, "false");
    properties.put("auto.offset.reset", "earliest");
    properties.put("max.poll.records", "5000");
    properties.put("fetch.max.wait.ms", FETCH_WAIT);
    return failures()
        .during(
            "connect",
            () ->
                new KafkaConsumer<>(
                    properties, new ByteArrayDeserializer(), new ByteArrayDeserializer()));
  }

  /** A share consumer that acquires one record at a time and acknowledges explicitly. */
  ShareConsumer<byte[], byte[]> shareConsumer(String group) {
    Map<String, Object> properties = common();
    properties.put("group.id", group);
    properties.put(NO_NEW_TOPICS, "false");
    properties.put("share.acknowledgement.mode", "explicit");
    // The default gives a whole producer batch to one worker, whatever max.poll.records says.
    properties.put("share.acquire.mode", "record_limit");
    properties.put("max.poll.records", "1");
    properties.put("fetch.max.wait.ms", FETCH_WAIT);
    // A worker that renders for hours polls no other lane in that time.
    properties.put("max.poll.interval.ms", Integer.toString(Integer.MAX_VALUE));
    properties.put("connections.max.idle.ms", Integer.toString(Integer.MAX_VALUE));
    return failures()
        .during(
            "connect",
            () ->
                new KafkaShareConsumer<>(
                    properties, new ByteArrayDeserializer(), new ByteArrayDeserializer()));
  }

  private Map<String, Object> common() {
    Map<String, Object> properties = new HashMap<>(settings.properties());
    properties.put("bootstrap.servers", settings.bootstrap());
    properties.put("default.api.timeout.ms", patience());
    properties.put("request.timeout.ms", Long.toString(settings.patience().toMillis() / 2));
    properties.put("socket.connection.setup.timeout.ms", "2000");
    properties.put("socket.connection.setup.timeout.max.ms", "4000");
    properties.put("reconnect.backoff.max.ms", "500");
    properties.put("enable.metrics.push", "false");
    return properties;
  }

  private String patience() {
    return Long.toString(settings.patience().toMillis());
  }
}

package farm.darkroom.infra.queue;

import static org.assertj.core.api.Assertions.assertThat;

import farm.darkroom.common.kafka.KafkaSettings;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import org.apache.kafka.clients.admin.Admin;
import org.apache.kafka.clients.admin.AlterConfigOp;
import org.apache.kafka.clients.admin.ConfigEntry;
import org.apache.kafka.clients.producer.KafkaProducer;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.apache.kafka.common.config.ConfigResource;
import org.apache.kafka.common.serialization.StringSerializer;

/** Writes what no part of the farm would write. */
public record RawRecords(KafkaSettings settings) {

  public void publish(String topic, String key, String value) {
    try (KafkaProducer<String, String> producer =
        new KafkaProducer<>(
            Map.of("bootstrap.servers", settings.bootstrap()),
            new StringSerializer(),
            new StringSerializer())) {
      var unused = producer.send(new ProducerRecord<>(topic, key, value));
      producer.flush();
    }
  }

  /**
   * The same at a time of the writer's own.
   *
   * @return the time that the broker keeps
   */
  public long publish(String topic, String key, String value, long timestamp) throws Exception {
    try (KafkaProducer<String, String> producer =
        new KafkaProducer<>(
            Map.of("bootstrap.servers", settings.bootstrap()),
            new StringSerializer(),
            new StringSerializer())) {
      return producer
          .send(new ProducerRecord<>(topic, null, timestamp, key, value))
          .get()
          .timestamp();
    }
  }

  /** The same on a topic that goes by its writers' clocks from now on. */
  public void publishAt(Instant at, String topic, String key, String value) throws Exception {
    try (Admin admin = Admin.create(Map.of("bootstrap.servers", settings.bootstrap()))) {
      ConfigEntry entry = new ConfigEntry("message.timestamp.type", "CreateTime");
      admin
          .incrementalAlterConfigs(
              Map.of(
                  new ConfigResource(ConfigResource.Type.TOPIC, topic),
                  List.of(new AlterConfigOp(entry, AlterConfigOp.OpType.SET))))
          .all()
          .get();
    }
    long timestamp = at.toEpochMilli();
    for (int i = 0; publish(topic, key, value, timestamp) != timestamp; i++) {
      assertThat(i).as("how often the broker went by its own clock").isLessThan(1000);
    }
  }
}

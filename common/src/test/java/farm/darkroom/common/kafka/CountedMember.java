package farm.darkroom.common.kafka;

import java.util.Map;
import org.apache.kafka.clients.consumer.MockShareConsumer;
import org.apache.kafka.common.Metric;
import org.apache.kafka.common.MetricName;
import org.apache.kafka.common.metrics.KafkaMetric;
import org.apache.kafka.common.metrics.MetricConfig;
import org.apache.kafka.common.utils.Time;

/** A share consumer with the count of answered fetches that a {@link LeaseSlot} asks for. */
class CountedMember extends MockShareConsumer<byte[], byte[]> {
  @Override
  public Map<MetricName, ? extends Metric> metrics() {
    MetricName name = new MetricName("fetch-total", "", "", Map.of());
    return Map.of(
        name,
        new KafkaMetric(
            new Object(),
            name,
            (MetricConfig config, long now) -> 0.0,
            new MetricConfig(),
            Time.SYSTEM));
  }
}

package farm.darkroom.common.kafka;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.time.ZoneOffset;
import java.util.Optional;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.common.header.internals.RecordHeaders;
import org.apache.kafka.common.record.TimestampType;
import org.junit.jupiter.api.Test;

/** Which records of others are worth a line. */
class StrayRecordsTest {
  private static final Instant NOW = Instant.parse("2026-01-02T03:04:05Z");

  @Test
  void garbageOfLongAgoIsNoNewsToEachCommand() {
    StrayRecords strays = new StrayRecords("event", Clock.fixed(NOW, ZoneOffset.UTC));
    assertThat(strays.isNews(written(NOW.minus(Duration.ofHours(23))))).isTrue();
    assertThat(strays.isNews(written(NOW.minus(Duration.ofHours(25))))).isFalse();
  }

  private static ConsumerRecord<byte[], byte[]> written(Instant at) {
    return new ConsumerRecord<>(
        "log",
        0,
        0,
        at.toEpochMilli(),
        TimestampType.LOG_APPEND_TIME,
        0,
        0,
        new byte[0],
        new byte[0],
        new RecordHeaders(),
        Optional.empty());
  }
}

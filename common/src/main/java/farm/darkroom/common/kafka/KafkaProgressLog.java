package farm.darkroom.common.kafka;

import farm.darkroom.common.FarmException;
import farm.darkroom.common.queue.Heartbeat;
import farm.darkroom.common.queue.ProgressLog;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.apache.kafka.clients.consumer.ConsumerRecord;

/**
 * {@code darkroom.progress}, with an hour's retention. When a heartbeat was is what the broker's
 * clock said, since those of workers, and of who reads here, may be wrong. Thread-safe.
 */
public final class KafkaProgressLog implements ProgressLog {
  static final Duration RETENTION = Duration.ofHours(1);

  /** A key for records without a value, which readers ignore and compaction deletes. */
  private static final String CLOCK = "clock";

  private final KafkaClients clients;
  private final Map<String, Heartbeat> latest = new HashMap<>();
  private Instant newest = Instant.EPOCH;
  private final StrayRecords strays = new StrayRecords("heartbeat", Clock.systemUTC());
  private final BrokerClock time = new BrokerClock(this::asked, System::nanoTime);
  private LogWriter writer;
  private TopicReader reader;

  public KafkaProgressLog(KafkaSettings settings) {
    this.clients = new KafkaClients(settings);
  }

  @Override
  public void publish(Heartbeat beat) {
    writer().write(QueueNames.PROGRESS, List.of(new LogWriter.Line(beat.worker(), beat.toJson())));
  }

  @Override
  public synchronized Map<String, Heartbeat> latest() {
    if (reader == null) {
      reader = new TopicReader(clients, QueueNames.PROGRESS).fromStart();
    }
    reader.readToEnd(this::add);
    Instant horizon = newest.minus(RETENTION);
    latest.values().removeIf(beat -> beat.at().isBefore(horizon));
    return Map.copyOf(latest);
  }

  /**
   * The broker's time, which it stamps on a record written for that purpose. Without permission to
   * write, it is the later of {@code own} and the last heartbeat.
   */
  @Override
  public synchronized Instant now(Clock own) {
    return time.now()
        .orElseGet(
            () -> {
              Instant mine = own.instant();
              return mine.isAfter(newest) ? mine : newest;
            });
  }

  private Instant asked() {
    return writer().dated(QueueNames.PROGRESS, new LogWriter.Line(CLOCK, null));
  }

  @Override
  public synchronized void close() {
    if (writer != null) {
      writer.abandon();
    }
    if (reader != null) {
      reader.close();
    }
  }

  private synchronized LogWriter writer() {
    if (writer == null) {
      writer = LogWriter.ofLogs(clients);
    }
    return writer;
  }

  private void add(ConsumerRecord<byte[], byte[]> record) {
    try {
      if (record.value() != null) {
        Instant at = Instant.ofEpochMilli(record.timestamp());
        Heartbeat beat = Heartbeat.fromJson(record.value()).at(at);
        latest.put(beat.worker(), beat);
        newest = at.isAfter(newest) ? at : newest;
      }
    } catch (FarmException e) {
      strays.pass(record, e.getMessage());
    }
  }
}

package farm.darkroom.common.kafka;

import farm.darkroom.common.FarmException;
import farm.darkroom.common.job.JobEvent;
import farm.darkroom.common.queue.EventLog;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.apache.kafka.clients.consumer.ConsumerRecord;

/**
 * {@code darkroom.events}, compacted. The first {@link #latest} reads the whole topic, later ones
 * what came since. When an event was is what the broker's clock said, since those of workers may be
 * wrong. A record that is no event is passed over. Thread-safe.
 */
public final class KafkaEventLog implements EventLog {
  private final KafkaClients clients;
  private final Map<String, JobEvent> latest = new HashMap<>();
  private final StrayRecords strays = new StrayRecords("event", Clock.systemUTC());
  private LogWriter writer;
  private TopicReader reader;

  public KafkaEventLog(KafkaSettings settings) {
    this.clients = new KafkaClients(settings);
  }

  @Override
  public void publish(List<JobEvent> events) {
    writer().write(QueueNames.EVENTS, events.stream().map(KafkaEventLog::line).toList());
  }

  @Override
  public void publishAsync(JobEvent event, Runnable onEnd) {
    writer().send(QueueNames.EVENTS, line(event), onEnd);
  }

  private static LogWriter.Line line(JobEvent event) {
    return new LogWriter.Line(event.jobId(), event.toJson());
  }

  @Override
  public synchronized Map<String, JobEvent> latest() {
    if (reader == null) {
      reader = new TopicReader(clients, QueueNames.EVENTS).fromStart();
    }
    reader.readToEnd(record -> event(record).ifPresent(event -> latest.put(event.jobId(), event)));
    return Map.copyOf(latest);
  }

  /** Reads only the last {@code count} records, so the cost does not grow with the log. */
  @Override
  public List<JobEvent> last(int count) {
    List<JobEvent> events = new ArrayList<>();
    try (TopicReader end = new TopicReader(clients, QueueNames.EVENTS).beforeEnd(count)) {
      end.readToEnd(record -> event(record).ifPresent(events::add));
    }
    return events;
  }

  @Override
  public Tail follow() {
    return new KafkaTail(new TopicReader(clients, QueueNames.EVENTS).fromEnd());
  }

  @Override
  public synchronized void close() {
    if (writer != null) {
      writer.close();
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

  private Optional<JobEvent> event(ConsumerRecord<byte[], byte[]> record) {
    if (record.value() == null) {
      return Optional.empty();
    }
    try {
      JobEvent event = JobEvent.fromJson(record.value());
      return Optional.of(event.at(Instant.ofEpochMilli(record.timestamp())));
    } catch (FarmException e) {
      strays.pass(record, e.getMessage());
      return Optional.empty();
    }
  }

  private final class KafkaTail implements Tail {
    private final TopicReader reader;

    KafkaTail(TopicReader reader) {
      this.reader = reader;
    }

    @Override
    public List<JobEvent> poll(Duration wait) {
      List<JobEvent> events = new ArrayList<>();
      reader.poll(wait, record -> event(record).ifPresent(events::add));
      return events;
    }

    @Override
    public void close() {
      reader.close();
    }
  }
}

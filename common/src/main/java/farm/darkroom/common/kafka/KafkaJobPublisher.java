package farm.darkroom.common.kafka;

import farm.darkroom.common.queue.JobPublisher;
import farm.darkroom.common.queue.Lane;
import java.util.List;

/** Publishes jobs on the lanes of one queue. Idempotent, in order, durable. Thread-safe. */
public final class KafkaJobPublisher implements JobPublisher {
  private final QueueNames names;
  private final LogWriter writer;

  public KafkaJobPublisher(KafkaSettings settings, String queue) {
    this.names = new QueueNames(queue);
    this.writer = new LogWriter(new KafkaClients(settings));
  }

  @Override
  public void publish(Lane lane, List<Posting> postings) {
    writer.write(
        names.topic(lane),
        postings.stream()
            .map(posting -> new LogWriter.Line(posting.key(), posting.payload()))
            .toList());
  }

  @Override
  public void close() {
    writer.close();
  }
}

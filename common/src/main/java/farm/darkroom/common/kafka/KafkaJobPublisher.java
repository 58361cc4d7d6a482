package farm.darkroom.common.kafka;

import farm.darkroom.common.queue.JobPublisher;
import farm.darkroom.common.queue.JobPublisher.Posting;
import farm.darkroom.common.queue.Lane;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Collectors;

/** Publishes jobs on the lanes of one queue. Idempotent, in order, durable. Thread-safe. */
public final class KafkaJobPublisher implements JobPublisher {
  private final LogWriter writer;
  private final TrackSelector tracks;

  public KafkaJobPublisher(KafkaSettings settings, String queue) {
    KafkaClients clients = new KafkaClients(settings);
    this.tracks = new TrackSelector(clients, new QueueNames(queue));
    this.writer = LogWriter.ofJobs(clients);
  }

  @Override
  public void publish(Lane lane, List<Posting> postings) {
    publish(lane, Optional.empty(), postings);
  }

  @Override
  public void publish(Lane lane, Optional<String> batch, List<Posting> postings) {
    Set<String> keys = postings.stream().map(Posting::key).collect(Collectors.toSet());
    writer.write(
        tracks.topic(lane, batch, keys),
        postings.stream()
            .map(posting -> new LogWriter.Line(posting.key(), posting.payload()))
            .toList());
  }

  @Override
  public void close() {
    writer.close();
    tracks.close();
  }
}

package farm.darkroom.infra.bench;

import farm.darkroom.common.job.QueuedJob;
import farm.darkroom.common.job.RenderJob;
import farm.darkroom.common.kafka.KafkaJobPublisher;
import farm.darkroom.common.queue.JobPublisher.Posting;
import farm.darkroom.common.queue.Lane;
import farm.darkroom.submitter.farm.Farm;
import java.nio.charset.StandardCharsets;
import java.time.Instant;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.atomic.AtomicLong;
import java.util.stream.IntStream;

/** Jobs that differ by their seeds, no two alike in a run. Thread-safe. */
final class Jobs {
  private final AtomicLong seeds = new AtomicLong();

  /** Puts them on the normal lane of a farm's queue. */
  void publish(Farm farm, int count) {
    List<Posting> postings = IntStream.range(0, count).mapToObj(i -> next()).toList();
    try (KafkaJobPublisher publisher = new KafkaJobPublisher(farm.kafka(), farm.queue())) {
      publisher.publish(Lane.NORMAL, postings);
    }
  }

  Posting next() {
    String json =
        "{\"model\": \"demo\", \"prompt\": \"a red cube\", \"seed\": %d}"
            .formatted(seeds.getAndIncrement());
    RenderJob job = RenderJob.fromJson(json.getBytes(StandardCharsets.UTF_8));
    QueuedJob queued = new QueuedJob(job, Optional.empty(), Instant.now());
    return new Posting(queued.id().text(), queued.toJson());
  }
}

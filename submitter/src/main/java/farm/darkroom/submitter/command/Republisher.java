package farm.darkroom.submitter.command;

import static java.util.Objects.requireNonNull;

import farm.darkroom.common.kafka.KafkaPublishedJobs;
import farm.darkroom.common.kafka.KafkaPublishedJobs.Published;
import farm.darkroom.common.kafka.KafkaQueueStatus;
import farm.darkroom.common.queue.JobPublisher;
import farm.darkroom.common.queue.JobPublisher.Posting;
import farm.darkroom.common.queue.Lane;
import farm.darkroom.submitter.control.Requeue;
import farm.darkroom.submitter.farm.Farm;
import java.util.ArrayList;
import java.util.EnumMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;

/**
 * Publishes earlier jobs of a queue again, for one batch. It has to read everything that was ever
 * published on the queue.
 */
final class Republisher implements Requeue {
  private final Farm farm;
  private final Optional<String> batch;

  /**
   * @param batch what the jobs are of; empty for a single job
   */
  Republisher(Farm farm, Optional<String> batch) {
    this.farm = requireNonNull(farm, "farm");
    this.batch = requireNonNull(batch, "batch");
  }

  @Override
  public boolean isEmpty() {
    try (KafkaQueueStatus status = new KafkaQueueStatus(farm.kafka(), farm.queue())) {
      return status.read().depth() == 0;
    }
  }

  @Override
  public Set<String> publish(Set<String> ids) {
    Map<String, Published> jobs = new KafkaPublishedJobs(farm.kafka(), farm.queue()).find(ids);
    Map<Lane, List<Posting>> lanes = new EnumMap<>(Lane.class);
    jobs.values()
        .forEach(
            job -> lanes.computeIfAbsent(job.lane(), l -> new ArrayList<>()).add(job.posting()));
    try (JobPublisher publisher = farm.publisher()) {
      lanes.forEach((lane, postings) -> publisher.publish(lane, batch, postings));
    }
    return jobs.keySet();
  }
}

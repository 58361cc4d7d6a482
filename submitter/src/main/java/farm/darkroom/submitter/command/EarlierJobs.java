package farm.darkroom.submitter.command;

import static java.util.stream.Collectors.joining;

import farm.darkroom.common.FarmException;
import farm.darkroom.common.job.JobId;
import farm.darkroom.common.job.QueuedJob;
import farm.darkroom.common.job.RenderJob;
import farm.darkroom.common.kafka.KafkaPublishedJobs;
import farm.darkroom.common.kafka.KafkaPublishedJobs.Published;
import farm.darkroom.submitter.farm.Farm;
import java.util.ArrayList;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;

/**
 * Jobs that were submitted before, as the queue keeps them: with the seeds that were drawn then.
 *
 * @param queued in the order in which they were asked for
 */
record EarlierJobs(List<QueuedJob> queued) {
  EarlierJobs {
    queued = List.copyOf(queued);
  }

  /**
   * Reads all that was published on the farm's queue.
   *
   * @param typed ids
   * @throws FarmException INVALID_JOB when one was never on the queue, QUEUE_UNAVAILABLE
   */
  static EarlierJobs find(Farm farm, List<String> typed) {
    Set<String> ids = new LinkedHashSet<>();
    typed.forEach(id -> ids.add(JobId.parse(id).text()));
    farm.verify();
    Map<String, Published> found = new KafkaPublishedJobs(farm.kafka(), farm.queue()).find(ids);
    List<QueuedJob> queued = new ArrayList<>();
    for (String id : ids) {
      if (!found.containsKey(id)) {
        throw FarmException.invalidJob(
            "--job: '%s' was never on queue '%s' (--queue names its own)"
                .formatted(id, farm.queue()));
      }
      queued.add(QueuedJob.fromJson(found.get(id).posting().payload()));
    }
    return new EarlierJobs(queued);
  }

  List<RenderJob> jobs() {
    return queued.stream().map(QueuedJob::job).toList();
  }

  /**
   * The batch that they are of.
   *
   * @throws FarmException INVALID_JOB when they are not all of the same
   */
  Optional<String> batch() {
    Set<Optional<String>> batches = new LinkedHashSet<>();
    queued.forEach(job -> batches.add(job.batch()));
    if (batches.size() > 1) {
      String names = batches.stream().map(batch -> batch.orElse("none")).collect(joining(", "));
      throw FarmException.invalidJob(
          "--job: found jobs of several batches (%s), allowed are those of one; --batch puts all into one"
              .formatted(names));
    }
    return batches.iterator().next();
  }
}

package farm.darkroom.submitter.command;

import static java.util.stream.Collectors.joining;

import farm.darkroom.common.FarmException;
import farm.darkroom.common.job.JobId;
import farm.darkroom.common.job.QueuedJob;
import farm.darkroom.common.job.RenderJob;
import farm.darkroom.common.kafka.KafkaPublishedJobs;
import farm.darkroom.common.kafka.KafkaPublishedJobs.Published;
import farm.darkroom.common.queue.Lane;
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
 * @param found in the order in which they were asked for
 */
record EarlierJobs(List<Earlier> found) {
  EarlierJobs {
    found = List.copyOf(found);
  }

  /** One of them, as it was published last. */
  record Earlier(QueuedJob queued, Lane lane) {}

  /**
   * Reads all that was published on the farm's queue.
   *
   * @param typed ids, one at least
   * @throws FarmException INVALID_JOB when one was never on the queue, QUEUE_UNAVAILABLE
   */
  static EarlierJobs find(Farm farm, List<String> typed) {
    Set<String> ids = new LinkedHashSet<>();
    typed.forEach(id -> ids.add(JobId.parse(id).text()));
    farm.verify();
    Map<String, Published> published = new KafkaPublishedJobs(farm.kafka(), farm.queue()).find(ids);
    List<Earlier> found = new ArrayList<>();
    for (String id : ids) {
      Published job = published.get(id);
      if (job == null) {
        throw FarmException.invalidJob(
            ("--job: '%s' was never on queue '%s' (--queue names its own; what the store had before it"
                    + " was submitted is healed by --force with its file or flags)")
                .formatted(id, farm.queue()));
      }
      found.add(new Earlier(QueuedJob.fromJson(job.posting().payload()), job.lane()));
    }
    return new EarlierJobs(found);
  }

  List<RenderJob> jobs() {
    return found.stream().map(job -> job.queued().job()).toList();
  }

  /**
   * The batch that they are of.
   *
   * @throws FarmException INVALID_JOB when they are not all of the same
   */
  Optional<String> batch() {
    Set<Optional<String>> batches = new LinkedHashSet<>();
    found.forEach(job -> batches.add(job.queued().batch()));
    refuseSeveral(
        batches.stream().map(batch -> batch.orElse("none")).toList(),
        "batches (%s), allowed: those of one; --batch puts all into one");
    return batches.iterator().next();
  }

  /**
   * The lane that they were on.
   *
   * @throws FarmException INVALID_JOB when they were not all on the same
   */
  Lane lane() {
    Set<Lane> lanes = new LinkedHashSet<>();
    found.forEach(job -> lanes.add(job.lane()));
    refuseSeveral(
        lanes.stream().map(Lane::label).toList(),
        "lanes (%s), allowed: those of one; --priority puts all on one");
    return lanes.iterator().next();
  }

  private static void refuseSeveral(List<String> names, String what) {
    if (names.size() > 1) {
      throw FarmException.invalidJob(
          "--job: found jobs of several " + what.formatted(names.stream().collect(joining(", "))));
    }
  }
}

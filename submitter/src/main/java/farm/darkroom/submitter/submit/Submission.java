package farm.darkroom.submitter.submit;

import static java.util.Objects.requireNonNull;

import farm.darkroom.common.job.JobEvent;
import farm.darkroom.common.job.JobId;
import farm.darkroom.common.job.QueuedJob;
import farm.darkroom.common.job.RenderJob;
import farm.darkroom.common.queue.EventLog;
import farm.darkroom.common.queue.JobPublisher;
import farm.darkroom.common.queue.JobPublisher.Posting;
import farm.darkroom.common.store.ResultStore;
import java.time.Clock;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;

/**
 * Puts jobs on a queue: first the batch's manifest, then for a chunk of jobs after the other their
 * events and the jobs themselves. Whoever is stopped in between submits again and completes it: ids
 * are the same, and what is stored is left out.
 */
public final class Submission {
  private static final int CHUNK = 5_000;

  private final ResultStore store;
  private final EventLog events;
  private final JobPublisher publisher;
  private final Clock clock;

  public Submission(ResultStore store, EventLog events, JobPublisher publisher, Clock clock) {
    this.store = requireNonNull(store, "store");
    this.events = requireNonNull(events, "events");
    this.publisher = requireNonNull(publisher, "publisher");
    this.clock = requireNonNull(clock, "clock");
  }

  /**
   * Publishes every job of the request that is not stored.
   *
   * @throws farm.darkroom.common.FarmException STORE_UNAVAILABLE, QUEUE_UNAVAILABLE
   */
  public SubmitResult submit(SubmitRequest request) {
    Map<JobId, QueuedJob> jobs = byId(request);
    StoredResults results = new StoredResults(store);
    if (request.force()) {
      results.delete(settled(jobs.keySet(), results));
    }
    Set<JobId> stored = results.among(jobs.keySet());
    request.batch().ifPresent(batch -> new Manifests(store).add(batch, jobs));
    List<QueuedJob> waiting = new ArrayList<>();
    jobs.forEach(
        (id, job) -> {
          if (!stored.contains(id)) {
            waiting.add(job);
          }
        });
    for (int i = 0; i < waiting.size(); i += CHUNK) {
      publish(request, waiting.subList(i, Math.min(i + CHUNK, waiting.size())));
    }
    return new SubmitResult(
        List.copyOf(jobs.keySet()), stored, request.jobs().size() - jobs.size());
  }

  private Map<JobId, QueuedJob> byId(SubmitRequest request) {
    Map<JobId, QueuedJob> jobs = new LinkedHashMap<>();
    for (RenderJob job : request.jobs()) {
      jobs.putIfAbsent(JobId.of(job), new QueuedJob(job, request.batch(), clock.instant()));
    }
    return jobs;
  }

  /**
   * Those without what is stored of jobs that a worker may render at this moment: it would be left
   * with a record and no pictures. A job that was published twice says last that it waits, and may
   * be rendered all the same.
   */
  private List<JobId> settled(Set<JobId> ids, StoredResults results) {
    Set<JobId> stored = results.among(ids);
    Map<String, JobEvent> latest = events.latest();
    return ids.stream()
        .filter(id -> stored.contains(id) || !isAlive(latest.get(id.text())))
        .toList();
  }

  private static boolean isAlive(JobEvent last) {
    return last != null && !last.state().isEnd();
  }

  private void publish(SubmitRequest request, List<QueuedJob> jobs) {
    List<JobEvent> queued = new ArrayList<>();
    List<Posting> postings = new ArrayList<>();
    for (QueuedJob job : jobs) {
      String id = job.id().text();
      queued.add(SubmitterEvents.queued(id, request.batch(), clock.instant()));
      postings.add(new Posting(id, job.toJson()));
    }
    events.publish(queued);
    publisher.publish(request.lane(), request.batch(), postings);
  }
}

package farm.darkroom.submitter.control;

import static java.util.Objects.requireNonNull;

import farm.darkroom.common.FarmException;
import farm.darkroom.common.job.JobId;
import farm.darkroom.common.queue.EventLog;
import farm.darkroom.common.queue.StopOrder;
import farm.darkroom.common.queue.StopOrder.Scope;
import farm.darkroom.common.store.ResultStore;
import farm.darkroom.submitter.submit.Manifests;
import java.util.List;

/**
 * The job or batch that was given on the command line.
 *
 * @param ids its jobs
 */
public record Target(StopOrder order, List<String> ids) {

  public Target {
    requireNonNull(order, "order");
    ids = List.copyOf(ids);
  }

  /**
   * Finds out which it is: a job when the log knows one of that id, else a batch.
   *
   * @throws FarmException INVALID_JOB when it is neither
   */
  public static Target of(String typed, EventLog events, ResultStore store) {
    if (JobId.looksLike(typed) && events.latest().containsKey(JobId.parse(typed).text())) {
      String id = JobId.parse(typed).text();
      return new Target(new StopOrder(Scope.JOB, id), List.of(id));
    }
    Manifests batches = new Manifests(store);
    return batches
        .find(typed)
        .map(batch -> new Target(new StopOrder(Scope.BATCH, typed), batch.ids()))
        .orElseThrow(
            () ->
                FarmException.invalidJob(
                    "found '%s', which is no batch and no job%s"
                        .formatted(typed, batches.nearest(typed))));
  }
}

package farm.darkroom.submitter.control;

import java.util.Set;

/** What {@link CancelJobs} needs of a queue in order to publish jobs again. */
public interface Requeue {

  /**
   * Whether no job waits on the queue and none is leased.
   *
   * @throws farm.darkroom.common.FarmException QUEUE_UNAVAILABLE
   */
  boolean isEmpty();

  /**
   * Publishes jobs as they were published last, on their lanes.
   *
   * @return those that were ever published on this queue
   * @throws farm.darkroom.common.FarmException QUEUE_UNAVAILABLE; some may then be there
   */
  Set<String> publish(Set<String> ids);
}

package farm.darkroom.worker;

import static java.util.Objects.requireNonNull;

import farm.darkroom.common.queue.Cancellations;
import farm.darkroom.common.queue.EventLog;
import farm.darkroom.common.queue.JobPublisher;
import farm.darkroom.common.queue.JobQueue;
import farm.darkroom.common.queue.ProgressLog;
import farm.darkroom.common.store.ResultStore;

/**
 * A worker's connections to its farm. They are closed by whoever opened them, after the worker has
 * ended.
 *
 * @param publisher of the same queue, for jobs that are queued again
 */
public record Connections(
    JobQueue queue,
    JobPublisher publisher,
    ResultStore store,
    EventLog events,
    ProgressLog progress,
    Cancellations cancellations) {

  public Connections {
    requireNonNull(queue, "queue");
    requireNonNull(publisher, "publisher");
    requireNonNull(store, "store");
    requireNonNull(events, "events");
    requireNonNull(progress, "progress");
    requireNonNull(cancellations, "cancellations");
  }
}

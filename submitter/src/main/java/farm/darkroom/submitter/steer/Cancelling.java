package farm.darkroom.submitter.steer;

import static java.util.Objects.requireNonNull;

import farm.darkroom.common.job.JobEvent;
import farm.darkroom.common.job.JobState;
import farm.darkroom.common.queue.EventLog;
import farm.darkroom.common.queue.StopOrder;
import farm.darkroom.common.queue.StopOrder.Scope;
import farm.darkroom.common.queue.StopOrders;
import farm.darkroom.submitter.submit.SubmitterEvents;
import java.time.Clock;
import java.util.Collection;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.function.Predicate;
import java.util.stream.Stream;

/**
 * Cancels a job or a batch, and takes that back. Workers read the order; the event of a job that
 * still waits is written here, so that nobody waits for a worker to come by and say it.
 */
public final class Cancelling {
  private final StopOrders orders;
  private final EventLog events;
  private final Clock clock;

  public Cancelling(StopOrders orders, EventLog events, Clock clock) {
    this.orders = requireNonNull(orders, "orders");
    this.events = requireNonNull(events, "events");
    this.clock = requireNonNull(clock, "clock");
  }

  /**
   * Gives the order.
   *
   * @param ids the jobs that it is about
   * @return how many of them were waiting
   */
  public int cancel(StopOrder order, Collection<String> ids) {
    orders.stop(order);
    List<JobEvent> waiting = those(ids, event -> event.state() == JobState.QUEUED).toList();
    events.publish(
        waiting.stream()
            .map(e -> SubmitterEvents.cancelled(e.jobId(), batch(order, e), clock.instant()))
            .toList());
    return waiting.size();
  }

  /**
   * Takes the order back, and says that the cancelled jobs are queued.
   *
   * @return those that a worker took off the queue: they are to be published again
   */
  public List<JobEvent> resume(StopOrder order, Collection<String> ids) {
    orders.resume(order);
    List<JobEvent> cancelled = those(ids, e -> e.state() == JobState.CANCELLED).toList();
    events.publish(
        cancelled.stream()
            .map(e -> SubmitterEvents.queued(e.jobId(), batch(order, e), clock.instant()))
            .toList());
    return cancelled.stream().filter(event -> event.worker().isPresent()).toList();
  }

  private Stream<JobEvent> those(Collection<String> ids, Predicate<JobEvent> wanted) {
    Map<String, JobEvent> latest = events.latest();
    return ids.stream().map(latest::get).filter(Objects::nonNull).filter(wanted);
  }

  private static Optional<String> batch(StopOrder order, JobEvent event) {
    return order.scope() == Scope.BATCH ? Optional.of(order.name()) : event.batch();
  }
}

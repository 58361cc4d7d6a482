package farm.darkroom.submitter.control;

import static java.util.Objects.requireNonNull;

import farm.darkroom.common.job.JobEvent;
import farm.darkroom.common.job.JobState;
import farm.darkroom.common.queue.EventLog;
import farm.darkroom.common.queue.StopOrder;
import farm.darkroom.common.queue.StopOrder.Scope;
import farm.darkroom.common.queue.StopOrders;
import farm.darkroom.submitter.submit.SubmitterEvents;
import java.time.Clock;
import java.time.Duration;
import java.util.Collection;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.locks.LockSupport;
import java.util.function.Supplier;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/**
 * Cancels a job or a batch, and takes that back. Workers read the order; the event of a job that
 * still waits is written here, so that nobody waits for a worker to come by and say it.
 */
public final class CancelJobs {
  /** Workers hear of an order within it, unless they are cut off or stand still. */
  public static final Duration SETTLING = Duration.ofSeconds(1);

  /** What a worker drops before it hears of the order is seen in the next. */
  private static final int ROUNDS = 5;

  private final StopOrders orders;
  private final EventLog events;
  private final Clock clock;
  private final Duration settling;

  /**
   * @param settling how long workers may take to hear of an order
   */
  public CancelJobs(StopOrders orders, EventLog events, Clock clock, Duration settling) {
    this.orders = requireNonNull(orders, "orders");
    this.events = requireNonNull(events, "events");
    this.clock = requireNonNull(clock, "clock");
    this.settling = requireNonNull(settling, "settling");
  }

  /**
   * Gives the order, before anything that takes time or may fail.
   *
   * @param alive says which jobs it is about; asked when the order is given
   * @return what they were doing when it was looked at behind the order
   */
  public Cancelled cancel(StopOrder order, Supplier<? extends Collection<String>> alive) {
    orders.stop(order);
    Collection<String> ids = alive.get();
    try (SubmitterEventWriter writer = new SubmitterEventWriter(events)) {
      List<JobEvent> known = those(writer, ids).toList();
      List<JobEvent> waiting =
          known.stream().filter(event -> event.state() == JobState.QUEUED).toList();
      writer.say(
          waiting.stream()
              .map(e -> SubmitterEvents.cancelled(e.jobId(), batch(order, e), clock.instant()))
              .toList());
      return new Cancelled(
          waiting.size(), (int) known.stream().filter(CancelJobs::isCancelled).count());
    }
  }

  /**
   * What a cancelled job or batch consisted of.
   *
   * @param waiting how many jobs were waiting
   * @param stopped how many were cancelled already, most often by a worker that had heard of the
   *     order and dropped them
   */
  public record Cancelled(int waiting, int stopped) {
    /** How many will not be rendered. */
    public int all() {
      return waiting + stopped;
    }
  }

  /**
   * What became of jobs that go on.
   *
   * @param waiting ids of those that had stopped and wait again
   * @param published ids of those that were put on the queue again
   * @param missing ids of those that a worker took off a queue on which they are not found
   * @param settled whether no job was dropped any more when it was looked at last
   */
  public record Resumed(
      Set<String> waiting, Set<String> published, Set<String> missing, boolean settled) {
    /** The sets are copied. */
    public Resumed {
      waiting = Set.copyOf(waiting);
      published = Set.copyOf(published);
      missing = Set.copyOf(missing);
    }
  }

  /**
   * Takes the order back. Jobs that workers took off the queue are put on it again, and then all
   * are said to be queued: who is killed in between leaves a job that is on the queue twice, never
   * one that is on none. Repeats that, at most five times, until no worker that had not heard of it
   * drops another job.
   *
   * @throws farm.darkroom.common.FarmException QUEUE_UNAVAILABLE; doing it again does the rest
   */
  public Resumed resume(StopOrder order, Collection<String> ids, Requeue queue) {
    orders.resume(order);
    Resuming resuming = new Resuming(order, ids, queue);
    resuming.requeue();
    for (int round = 1; round < ROUNDS; round++) {
      LockSupport.parkNanos(settling.toNanos());
      if (!resuming.requeue()) {
        return resuming.outcome(true);
      }
    }
    return resuming.outcome(false);
  }

  /** A job of a batch may be cancelled besides on its own: workers would drop it again. */
  private static StopOrder ofJob(JobEvent event) {
    return new StopOrder(Scope.JOB, event.jobId());
  }

  private static boolean isCancelled(JobEvent event) {
    return event.state() == JobState.CANCELLED;
  }

  private static Stream<JobEvent> those(SubmitterEventWriter writer, Collection<String> ids) {
    Map<String, JobEvent> known = writer.known();
    return ids.stream().map(known::get).filter(Objects::nonNull);
  }

  private static Optional<String> batch(StopOrder order, JobEvent event) {
    return order.scope() == Scope.BATCH ? Optional.of(order.name()) : event.batch();
  }

  /** Jobs that go on, and what was found out about them so far. */
  private final class Resuming {
    private final StopOrder order;
    private final Collection<String> ids;
    private final Requeue queue;
    private final Set<String> waiting = new HashSet<>();
    private final Set<String> published = new HashSet<>();
    private final Set<String> missing = new HashSet<>();

    Resuming(StopOrder order, Collection<String> ids, Requeue queue) {
      this.order = order;
      this.ids = ids;
      this.queue = queue;
    }

    /** Whether there was a job that did not go on. */
    boolean requeue() {
      try (SubmitterEventWriter writer = new SubmitterEventWriter(events)) {
        boolean nowhere = queue.isEmpty();
        List<JobEvent> open = those(writer, ids).filter(event -> isOpen(event, nowhere)).toList();
        publish(
            open.stream()
                .filter(event -> nowhere || event.worker().isPresent())
                .map(JobEvent::jobId)
                .collect(Collectors.toSet()));
        List<JobEvent> again =
            open.stream().filter(event -> !missing.contains(event.jobId())).toList();
        writer.say(
            again.stream()
                .map(e -> SubmitterEvents.queued(e.jobId(), batch(order, e), clock.instant()))
                .toList());
        again.forEach(event -> waiting.add(event.jobId()));
        return !open.isEmpty();
      }
    }

    Resumed outcome(boolean settled) {
      return new Resumed(waiting, published, missing, settled);
    }

    private boolean isOpen(JobEvent event, boolean nowhere) {
      return !missing.contains(event.jobId())
          && (isCancelled(event) || (nowhere && isForgotten(event)))
          && !orders.standing().contains(ofJob(event));
    }

    /** On an empty queue: its submitter, or an earlier resume, did not come to it. */
    private boolean isForgotten(JobEvent event) {
      return event.state() == JobState.QUEUED && !published.contains(event.jobId());
    }

    private void publish(Set<String> gone) {
      Set<String> found = gone.isEmpty() ? Set.of() : queue.publish(gone);
      published.addAll(found);
      gone.stream().filter(id -> !found.contains(id)).forEach(missing::add);
    }
  }
}

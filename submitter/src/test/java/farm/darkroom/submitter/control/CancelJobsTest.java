package farm.darkroom.submitter.control;

import static farm.darkroom.common.job.JobState.QUEUED;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import farm.darkroom.common.FailureKind;
import farm.darkroom.common.FarmException;
import farm.darkroom.common.job.JobEvent;
import farm.darkroom.common.job.JobState;
import farm.darkroom.common.queue.EventLog;
import farm.darkroom.common.queue.InMemoryEventLog;
import farm.darkroom.common.queue.StopOrder;
import farm.darkroom.common.queue.StopOrder.Scope;
import farm.darkroom.common.queue.StopOrders;
import farm.darkroom.common.queue.WrappedEventLog;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.time.ZoneOffset;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import org.junit.jupiter.api.Test;

class CancelJobsTest {
  private static final Clock CLOCK =
      Clock.fixed(Instant.parse("2026-01-31T12:00:00Z"), ZoneOffset.UTC);
  private static final StopOrder NIGHT = new StopOrder(Scope.BATCH, "night");
  private static final List<String> IDS = List.of("waiting", "running", "done", "unknown");

  private final InMemoryEventLog events = new InMemoryEventLog();
  private final Orders orders = new Orders();
  private final Queue queue = new Queue();
  private final CancelJobs cancelling = new CancelJobs(orders, events, CLOCK, Duration.ZERO);

  /** Notes what is put on it. */
  private final class Queue implements Requeue {
    private final List<String> published = new ArrayList<>();
    private final Set<String> unknown = new HashSet<>();
    private boolean empty;

    @Override
    public boolean isEmpty() {
      return empty;
    }

    @Override
    public Set<String> publish(Set<String> ids) {
      Set<String> found = new HashSet<>(ids);
      found.removeAll(unknown);
      found.forEach(
          id -> assertThat(state(id)).as("not queued before it is there").isNotEqualTo(QUEUED));
      published.addAll(found);
      return found;
    }
  }

  /** A log in which a worker speaks just before the first thing that a submitter says. */
  private static final class Interrupted extends WrappedEventLog {
    private final List<JobEvent> first;

    Interrupted(EventLog log, List<JobEvent> first) {
      super(log);
      this.first = new ArrayList<>(first);
    }

    @Override
    public void publish(List<JobEvent> events) {
      super.publish(List.copyOf(first));
      first.clear();
      super.publish(events);
    }
  }

  /** Stop orders that nobody else reads. */
  private static final class Orders implements StopOrders {
    private final Set<StopOrder> standing = new HashSet<>();

    @Override
    public void stop(StopOrder order) {
      standing.add(order);
    }

    @Override
    public void resume(StopOrder order) {
      standing.remove(order);
    }

    @Override
    public Set<StopOrder> standing() {
      return standing;
    }

    @Override
    public void close() {}
  }

  @Test
  void onlyWaitingJobsAreCancelledFromHere() {
    begin();
    assertThat(cancelling.cancel(NIGHT, () -> IDS)).isEqualTo(new CancelJobs.Cancelled(1, 0));
    assertThat(orders.isCancelled("running", Optional.of("night"))).isTrue();
    assertThat(state("waiting")).isEqualTo(JobState.CANCELLED);
    assertThat(state("running")).isEqualTo(JobState.STARTED);
    assertThat(state("done")).isEqualTo(JobState.STORED);
  }

  @Test
  void whatWorkersDropOnTheOrderIsCounted() {
    begin();
    say("dropped", JobState.QUEUED, Optional.empty());
    CancelJobs.Cancelled cancelled =
        cancelling.cancel(
            NIGHT,
            () -> {
              say("dropped", JobState.CANCELLED, Optional.of("w"));
              return List.of("waiting", "dropped", "done");
            });
    assertThat(cancelled).isEqualTo(new CancelJobs.Cancelled(1, 1));
    assertThat(cancelled.all()).isEqualTo(2);
  }

  /** Reading all letters takes seconds in which jobs would start, and may fail. */
  @Test
  void orderIsGivenBeforeJobsAreListed() {
    assertThatThrownBy(() -> cancelling.cancel(NIGHT, CancelJobsTest::unreadable))
        .hasMessage("no letters");
    assertThat(orders.standing()).containsExactly(NIGHT);
  }

  private static List<String> unreadable() {
    throw new FarmException(FailureKind.QUEUE_UNAVAILABLE, "no letters");
  }

  @Test
  void jobDroppedByAWorkerIsPublishedAgainOnResume() {
    begin();
    cancelling.cancel(NIGHT, () -> IDS);
    say("running", JobState.CANCELLED, Optional.of("w"));
    CancelJobs.Resumed resumed = cancelling.resume(NIGHT, IDS, queue);
    assertThat(resumed.waiting()).containsExactlyInAnyOrder("waiting", "running");
    assertThat(resumed.published()).containsExactly("running");
    assertThat(queue.published).containsExactly("running");
    assertThat(orders.standing()).isEmpty();
    assertThat(state("waiting")).isEqualTo(JobState.QUEUED);
    assertThat(state("running")).isEqualTo(JobState.QUEUED);
    assertThat(state("done")).isEqualTo(JobState.STORED);
  }

  @Test
  void workersEventsDuringCancelWin() {
    begin();
    say("later", JobState.QUEUED, Optional.empty());
    List<JobEvent> meanwhile =
        List.of(
            event("waiting", JobState.CANCELLED, Optional.of("w")),
            event("later", JobState.STORED, Optional.of("w")));
    new CancelJobs(orders, new Interrupted(events, meanwhile), CLOCK, Duration.ZERO)
        .cancel(NIGHT, () -> List.of("waiting", "later"));
    assertThat(state("later")).isEqualTo(JobState.STORED);
    assertThat(cancelling.resume(NIGHT, IDS, queue).published()).containsExactly("waiting");
  }

  @Test
  void aJobThatIsDroppedWhileItIsResumedIsPublishedAgain() {
    begin();
    cancelling.cancel(NIGHT, () -> IDS);
    List<JobEvent> late = List.of(event("waiting", JobState.CANCELLED, Optional.of("w")));
    new CancelJobs(orders, new Interrupted(events, late), CLOCK, Duration.ZERO)
        .resume(NIGHT, IDS, queue);
    assertThat(queue.published).containsExactly("waiting");
    assertThat(state("waiting")).isEqualTo(JobState.QUEUED);
  }

  @Test
  void lateDropByAWorkerIsReported() {
    begin();
    cancelling.cancel(NIGHT, () -> IDS);
    say("running", JobState.CANCELLED, Optional.of("w"));
    EventLog dropping =
        new WrappedEventLog(events) {
          @Override
          public void publish(List<JobEvent> said) {
            super.publish(said);
            super.publish(List.of(event("running", JobState.CANCELLED, Optional.of("deaf"))));
          }
        };
    CancelJobs cut = new CancelJobs(orders, dropping, CLOCK, Duration.ZERO);
    assertThat(cut.resume(NIGHT, IDS, queue).settled()).isFalse();
    assertThat(cancelling.resume(NIGHT, IDS, queue).settled()).isTrue();
  }

  @Test
  void waitingJobMissingFromAnEmptyQueueIsPublishedAgain() {
    begin();
    queue.empty = true;
    say("waiting", JobState.CANCELLED, Optional.empty());
    assertThat(cancelling.resume(NIGHT, IDS, queue).published()).containsExactly("waiting");
  }

  @Test
  void jobCancelledByItselfStaysCancelledWhenItsBatchIsResumed() {
    begin();
    orders.stop(new StopOrder(Scope.JOB, "waiting"));
    cancelling.cancel(NIGHT, () -> IDS);
    say("running", JobState.CANCELLED, Optional.of("w"));
    say("waiting", JobState.CANCELLED, Optional.of("w"));
    assertThat(cancelling.resume(NIGHT, IDS, queue).published()).containsExactly("running");
    assertThat(state("waiting")).isEqualTo(JobState.CANCELLED);
  }

  @Test
  void aJobOfAnotherQueueStaysCancelled() {
    say("waiting", JobState.CANCELLED, Optional.of("w"));
    queue.unknown.add("waiting");
    CancelJobs.Resumed resumed = cancelling.resume(NIGHT, IDS, queue);
    assertThat(resumed.missing()).containsExactly("waiting");
    assertThat(resumed.waiting()).isEmpty();
    assertThat(state("waiting")).isEqualTo(JobState.CANCELLED);
  }

  private void begin() {
    say("waiting", JobState.QUEUED, Optional.empty());
    say("running", JobState.STARTED, Optional.of("w"));
    say("done", JobState.STORED, Optional.of("w"));
  }

  private JobState state(String id) {
    return events.latest().get(id).state();
  }

  private void say(String id, JobState state, Optional<String> worker) {
    events.publish(List.of(event(id, state, worker)));
  }

  private static JobEvent event(String id, JobState state, Optional<String> worker) {
    return new JobEvent(
        id,
        state,
        CLOCK.instant(),
        Optional.of("night"),
        worker,
        1,
        Optional.empty(),
        Optional.empty());
  }
}

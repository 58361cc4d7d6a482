package farm.darkroom.submitter.steer;

import static org.assertj.core.api.Assertions.assertThat;

import farm.darkroom.common.job.JobEvent;
import farm.darkroom.common.job.JobState;
import farm.darkroom.common.queue.InMemoryEventLog;
import farm.darkroom.common.queue.StopOrder;
import farm.darkroom.common.queue.StopOrder.Scope;
import farm.darkroom.common.queue.StopOrders;
import java.time.Clock;
import java.time.Instant;
import java.time.ZoneOffset;
import java.util.HashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import org.junit.jupiter.api.Test;

class CancellingTest {
  private static final Clock CLOCK =
      Clock.fixed(Instant.parse("2026-01-31T12:00:00Z"), ZoneOffset.UTC);
  private static final StopOrder NIGHT = new StopOrder(Scope.BATCH, "night");
  private static final List<String> IDS = List.of("waiting", "running", "done", "unknown");

  private final InMemoryEventLog events = new InMemoryEventLog();
  private final Orders orders = new Orders();
  private final Cancelling cancelling = new Cancelling(orders, events, CLOCK);

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
    assertThat(cancelling.cancel(NIGHT, IDS)).isEqualTo(1);
    assertThat(orders.isCancelled("running", Optional.of("night"))).isTrue();
    assertThat(state("waiting")).isEqualTo(JobState.CANCELLED);
    assertThat(state("running")).isEqualTo(JobState.STARTED);
    assertThat(state("done")).isEqualTo(JobState.STORED);
  }

  @Test
  void whatAWorkerTookOffTheQueueIsToBePublishedAgain() {
    begin();
    cancelling.cancel(NIGHT, IDS);
    say("running", JobState.CANCELLED, Optional.of("w"));
    assertThat(cancelling.resume(NIGHT, IDS))
        .extracting(JobEvent::jobId)
        .containsExactly("running");
    assertThat(orders.standing()).isEmpty();
    assertThat(state("waiting")).isEqualTo(JobState.QUEUED);
    assertThat(state("running")).isEqualTo(JobState.QUEUED);
    assertThat(state("done")).isEqualTo(JobState.STORED);
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
    events.publish(
        List.of(
            new JobEvent(
                id,
                state,
                CLOCK.instant(),
                Optional.of("night"),
                worker,
                1,
                Optional.empty(),
                Optional.empty())));
  }
}

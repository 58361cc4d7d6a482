package farm.darkroom.submitter.control;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import farm.darkroom.common.FailureKind;
import farm.darkroom.common.FarmException;
import farm.darkroom.common.job.JobId;
import farm.darkroom.common.job.JobState;
import farm.darkroom.common.job.QueuedJob;
import farm.darkroom.common.job.RenderJob;
import farm.darkroom.common.queue.DeadLetter;
import farm.darkroom.common.queue.InMemoryBroker;
import farm.darkroom.common.queue.InMemoryEventLog;
import farm.darkroom.common.queue.InMemoryJobQueue;
import farm.darkroom.common.queue.JobPublisher;
import farm.darkroom.common.queue.Lane;
import farm.darkroom.common.queue.Lease;
import farm.darkroom.common.queue.StopOrder;
import farm.darkroom.submitter.watch.DeadJob;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.time.ZoneOffset;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import org.junit.jupiter.api.Test;

class RedriveTest {
  private static final Clock CLOCK =
      Clock.fixed(Instant.parse("2026-01-31T12:00:00Z"), ZoneOffset.UTC);
  private static final RenderJob JOB =
      RenderJob.fromJson("{\"model\":\"demo\",\"prompt\":\"a cube\",\"seed\":1}".getBytes(UTF_8));
  private static final String ID = JobId.of(JOB).text();

  private final InMemoryEventLog events = new InMemoryEventLog();
  private final InMemoryBroker broker = new InMemoryBroker(CLOCK, Duration.ofSeconds(30), 5);
  private final Redrive redrive = new Redrive(events, broker, CLOCK, Set.of());

  @Test
  void aJobGoesBackOnItsLaneUnchanged() {
    byte[] payload = new QueuedJob(JOB, Optional.of("night"), CLOCK.instant()).toJson();
    assertThat(redrive.redrive(List.of(dead(ID, payload))).redriven()).containsExactly(ID);
    try (InMemoryJobQueue queue = broker.join()) {
      Lease lease = queue.lease(Duration.ZERO).orElseThrow();
      assertThat(lease.lane()).isEqualTo(Lane.HIGH);
      assertThat(lease.payload()).isEqualTo(payload);
    }
    assertThat(events.latest().get(ID).state()).isEqualTo(JobState.QUEUED);
    assertThat(events.latest().get(ID).batch()).contains("night");
  }

  /** Workers would drop it, and it would be no dead job any more. */
  @Test
  void aCancelledJobStaysDead() {
    byte[] payload = new QueuedJob(JOB, Optional.of("night"), CLOCK.instant()).toJson();
    StopOrder order = new StopOrder(StopOrder.Scope.BATCH, "night");
    Redrive.Redriven done =
        new Redrive(events, broker, CLOCK, Set.of(order)).redrive(List.of(dead(ID, payload)));
    assertThat(done.redriven()).isEmpty();
    assertThat(done.cancelled()).containsExactly(Map.entry(ID, order));
    assertThat(broker.depth()).isZero();
  }

  @Test
  void garbageStaysDead() {
    assertThat(redrive.redrive(List.of(dead("x", new byte[] {(byte) 0xff}))).refused())
        .containsExactly("x");
    assertThat(broker.depth()).isZero();
  }

  @Test
  void aJobThatCouldNotBePublishedStaysDead() {
    byte[] payload = new QueuedJob(JOB, Optional.empty(), CLOCK.instant()).toJson();
    Redrive cut = new Redrive(events, new Cut(), CLOCK, Set.of());
    assertThatThrownBy(() -> cut.redrive(List.of(dead(ID, payload))))
        .isInstanceOf(FarmException.class);
    assertThat(events.latest()).isEmpty();
  }

  /** A publisher without a broker. */
  private static final class Cut implements JobPublisher {
    @Override
    public void publish(Lane lane, List<Posting> postings) {
      throw new FarmException(FailureKind.QUEUE_UNAVAILABLE, "the broker is away");
    }

    @Override
    public void close() {}
  }

  private static DeadJob dead(String id, byte[] payload) {
    DeadLetter letter =
        new DeadLetter(id, payload, "darkroom.posters.high", 5, CLOCK.instant(), Optional.empty());
    return new DeadJob(id, letter, Optional.empty());
  }
}

package farm.darkroom.infra.queue;

import static org.assertj.core.api.Assertions.assertThat;

import farm.darkroom.common.FailureKind;
import farm.darkroom.common.job.JobEvent;
import farm.darkroom.common.job.JobState;
import farm.darkroom.common.queue.EventLog;
import farm.darkroom.common.queue.EventLog.Tail;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.UUID;
import java.util.stream.IntStream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** What every EventLog does. Tests share a log: each has job ids of its own. */
abstract class EventLogContract {
  private final String run = UUID.randomUUID().toString().substring(0, 8);
  private EventLog log;

  abstract EventLog open();

  @BeforeEach
  void openLog() {
    log = open();
  }

  @AfterEach
  void closeLog() {
    log.close();
  }

  @Test
  void theLastEventOfAJobCounts() {
    JobEvent stored = event("a", JobState.STORED);
    log.publish(List.of(event("a", JobState.QUEUED), event("b", JobState.QUEUED)));
    log.publish(List.of(event("a", JobState.STARTED), stored));
    assertThat(log.latest())
        .containsEntry(id("a"), stored)
        .containsEntry(id("b"), event("b", JobState.QUEUED));
  }

  @Test
  void whatWasPublishedIsThereWhenPublishReturns() {
    for (int i = 0; i < 5; i++) {
      JobEvent event = event("j" + i, JobState.QUEUED);
      log.publish(List.of(event));
      assertThat(log.latest()).containsEntry(event.jobId(), event);
    }
  }

  @Test
  void anEventKeepsItsReason() {
    JobEvent dead =
        new JobEvent(
            id("dead"),
            JobState.DEAD,
            Instant.parse("2026-01-02T03:04:05Z"),
            Optional.of("night"),
            Optional.of("w1"),
            3,
            Optional.of(FailureKind.INVALID_JOB),
            Optional.of("$.width: 130 is no multiple of 8"));
    log.publish(List.of(dead));
    assertThat(log.latest()).containsEntry(dead.jobId(), dead);
  }

  @Test
  void aTailSeesWhatComesAfterItBeganInOrder() {
    log.publish(List.of(event("before", JobState.QUEUED)));
    try (Tail tail = log.follow()) {
      assertThat(tail.poll(Duration.ofMillis(50))).isEmpty();
      List<JobEvent> later =
          IntStream.range(0, 20).mapToObj(i -> event("t" + i, JobState.QUEUED)).toList();
      log.publish(later);
      List<JobEvent> seen = new ArrayList<>();
      Await.until(
          "20 events",
          Duration.ofSeconds(15),
          () -> {
            seen.addAll(tail.poll(Duration.ofMillis(100)));
            return seen.size() >= later.size();
          });
      assertThat(seen).isEqualTo(later);
    }
  }

  @Test
  void twoReadersSeeTheSame() {
    log.publish(List.of(event("a", JobState.QUEUED)));
    try (EventLog other = reopen()) {
      assertThat(other.latest()).containsEntry(id("a"), event("a", JobState.QUEUED));
      log.publish(List.of(event("a", JobState.CANCELLED)));
      assertThat(other.latest()).containsEntry(id("a"), event("a", JobState.CANCELLED));
    }
  }

  /** Another reader of the same log. */
  abstract EventLog reopen();

  private String id(String name) {
    return run + "-" + name;
  }

  private JobEvent event(String name, JobState state) {
    return new JobEvent(
        id(name),
        state,
        Instant.EPOCH,
        Optional.empty(),
        Optional.empty(),
        0,
        Optional.empty(),
        Optional.empty());
  }
}

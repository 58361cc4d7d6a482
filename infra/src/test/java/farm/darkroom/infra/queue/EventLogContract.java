package farm.darkroom.infra.queue;

import static org.assertj.core.api.Assertions.assertThat;

import farm.darkroom.common.Await;
import farm.darkroom.common.FailureKind;
import farm.darkroom.common.job.JobEvent;
import farm.darkroom.common.job.JobState;
import farm.darkroom.common.queue.EventLog;
import farm.darkroom.common.queue.EventLog.Tail;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.UUID;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/**
 * What every EventLog does. Tests share a log: each has job ids of its own. When an event was may
 * be what the writer or what the log says.
 */
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
    assertThat(latest(log))
        .containsEntry(id("a"), stored)
        .containsEntry(id("b"), event("b", JobState.QUEUED));
  }

  @Test
  void whatWasPublishedIsThereWhenPublishReturns() {
    for (int i = 0; i < 5; i++) {
      JobEvent event = event("j" + i, JobState.QUEUED);
      log.publish(List.of(event));
      assertThat(latest(log)).containsEntry(event.jobId(), event);
    }
  }

  @Test
  void anEventPublishedAsynchronouslyComesBeforeWhatIsPublishedAfterIt() {
    AtomicInteger there = new AtomicInteger();
    try (Tail tail = log.follow()) {
      for (int i = 0; i < 20; i++) {
        log.publishAsync(event("m" + i, JobState.STARTED), there::incrementAndGet);
      }
      log.publish(List.of(event("m0", JobState.STORED)));
      List<JobEvent> heard = new ArrayList<>();
      Await.until(
          "all events",
          Duration.ofSeconds(15),
          () -> {
            heard.addAll(tail.poll(Duration.ofMillis(50)));
            return heard.stream().filter(e -> e.jobId().contains(run)).count() == 21;
          });
      assertThat(heard)
          .filteredOn(e -> e.jobId().equals(id("m0")))
          .extracting(JobEvent::state)
          .containsExactly(JobState.STARTED, JobState.STORED);
      Await.until("all are said to be there", Duration.ofSeconds(15), () -> there.get() == 20);
    }
  }

  @Test
  void anEventKeepsItsReason() {
    JobEvent dead =
        new JobEvent(
            id("dead"),
            JobState.DEAD,
            Instant.EPOCH,
            Optional.of("night"),
            Optional.of("w1"),
            3,
            Optional.of(FailureKind.INVALID_JOB),
            Optional.of("$.width: 130 is no multiple of 8"));
    log.publish(List.of(dead));
    assertThat(latest(log)).containsEntry(dead.jobId(), dead);
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
            tail.poll(Duration.ofMillis(100)).forEach(event -> seen.add(event.at(Instant.EPOCH)));
            return seen.size() >= later.size();
          });
      assertThat(seen).isEqualTo(later);
    }
  }

  @Test
  void theLastEventsAreThereOldestFirst() {
    List<JobEvent> some =
        IntStream.range(0, 30).mapToObj(i -> event("l" + i, JobState.STORED)).toList();
    log.publish(some);
    assertThat(log.last(10))
        .extracting(JobEvent::jobId)
        .containsExactlyElementsOf(some.subList(20, 30).stream().map(JobEvent::jobId).toList());
    assertThat(log.last(1000))
        .extracting(JobEvent::jobId)
        .containsSubsequence(some.stream().map(JobEvent::jobId).toList());
  }

  @Test
  void twoReadersSeeTheSame() {
    log.publish(List.of(event("a", JobState.QUEUED)));
    try (EventLog other = reopen()) {
      assertThat(latest(other)).containsEntry(id("a"), event("a", JobState.QUEUED));
      log.publish(List.of(event("a", JobState.CANCELLED)));
      assertThat(latest(other)).containsEntry(id("a"), event("a", JobState.CANCELLED));
    }
  }

  /** Another reader of the same log. */
  abstract EventLog reopen();

  private static Map<String, JobEvent> latest(EventLog log) {
    return log.latest().entrySet().stream()
        .collect(Collectors.toMap(Map.Entry::getKey, e -> e.getValue().at(Instant.EPOCH)));
  }

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

package farm.darkroom.submitter.watch;

import static org.assertj.core.api.Assertions.assertThat;

import farm.darkroom.common.FailureKind;
import farm.darkroom.common.job.JobEvent;
import farm.darkroom.common.job.JobState;
import farm.darkroom.common.job.QueuedJob;
import farm.darkroom.common.queue.DeadLetter;
import farm.darkroom.submitter.submit.SubmitterEvents;
import java.nio.charset.StandardCharsets;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.junit.jupiter.api.Test;

class DeadJobTest {
  private static final Instant DEATH = Instant.parse("2026-01-31T12:00:00Z");
  private static final Instant BEFORE = DEATH.minusSeconds(1);
  private static final Instant AFTER = DEATH.plusSeconds(1);

  @Test
  void theReasonIsTheLastEvents() {
    List<DeadJob> dead = among(event(JobState.DEAD, BEFORE, "no model 'x' here"));
    assertThat(dead)
        .singleElement()
        .satisfies(job -> assertThat(job.reason()).isEqualTo("no model 'x' here"));
  }

  @Test
  void withoutAnEventTheReasonSaysSo() {
    List<DeadJob> dead = DeadJob.among(List.of(letter("j")), Map.of());
    assertThat(dead)
        .singleElement()
        .satisfies(
            job -> assertThat(job.reason()).contains("handed out 5 times").contains("no worker"));
  }

  /** The worker that had it last died, and only the broker knows of its end. */
  @Test
  void deathAfterStartIsAttributedToTheWorker() {
    JobEvent started =
        new JobEvent(
            "j",
            JobState.STARTED,
            BEFORE,
            Optional.of("night"),
            Optional.of("box-17"),
            5,
            Optional.empty(),
            Optional.empty());
    assertThat(among(started))
        .singleElement()
        .satisfies(
            job ->
                assertThat(job.reason())
                    .isEqualTo(
                        "handed out 5 times, the limit;"
                            + " box-17 began attempt 5 and never said what became of it"));
  }

  /** It was put on the queue anew, and somebody began that. */
  @Test
  void aWorkerThatBeganAnotherRecordIsNotBlamed() {
    DeadLetter letter =
        new DeadLetter(
            "j", new byte[] {1}, "darkroom.default.normal", 5, DEATH, Optional.of("t-0@1"));
    JobEvent said =
        new JobEvent(
            "j",
            JobState.STARTED,
            BEFORE,
            Optional.empty(),
            Optional.of("w"),
            1,
            Optional.empty(),
            Optional.empty());
    JobEvent started = ofRecord(said, "t-0@2");
    assertThat(DeadJob.among(List.of(letter), Map.of("j", started)))
        .singleElement()
        .satisfies(job -> assertThat(job.reason()).contains("no worker said what became of it"));
  }

  @Test
  void queuedAgainIsAlive() {
    assertThat(among(SubmitterEvents.queued("j", Optional.empty(), AFTER))).isEmpty();
  }

  /**
   * The worker of the last delivery stood still, or was cut off from the broker, and what it said
   * came when the lease was long over.
   */
  @Test
  void lateEventOfTheLastWorkerDoesNotReviveTheJob() {
    assertThat(among(event(JobState.QUEUED, AFTER, ""))).hasSize(1);
    assertThat(among(event(JobState.STARTED, AFTER, ""))).hasSize(1);
    assertThat(among(event(JobState.FAILED, AFTER, ""))).hasSize(1);
  }

  @Test
  void jobLeasedAgainIsAlive() {
    assertThat(among(event(JobState.STARTED, AFTER, 1, ""))).isEmpty();
    assertThat(among(event(JobState.FAILED, AFTER, 4, ""))).isEmpty();
    assertThat(among(event(JobState.QUEUED, AFTER, 2, ""))).isEmpty();
  }

  /** Redriven, it may come to as many deliveries as before. */
  @Test
  void eventsBelongToTheirRecord() {
    DeadLetter letter =
        new DeadLetter(
            "j", new byte[] {1}, "darkroom.default.low", 5, DEATH, Optional.of("low-0@17"));
    for (JobState state : List.of(JobState.QUEUED, JobState.STARTED, JobState.FAILED)) {
      JobEvent late = ofRecord(event(state, AFTER, 3, ""), "low-0@17");
      JobEvent redriven = ofRecord(event(state, AFTER, 5, ""), "low-0@18");
      assertThat(DeadJob.among(List.of(letter), Map.of("j", late))).hasSize(1);
      assertThat(DeadJob.among(List.of(letter), Map.of("j", redriven))).isEmpty();
    }
  }

  /** No queue gives a job up after one delivery: a worker rejected it, and said so before. */
  @Test
  void rejectedJobLeasedAgainIsAlive() {
    DeadLetter letter =
        new DeadLetter("j", new byte[] {1}, "darkroom.default.low", 1, DEATH, Optional.empty());
    JobEvent started = event(JobState.STARTED, AFTER, 1, "");
    assertThat(DeadJob.among(List.of(letter), Map.of("j", started))).isEmpty();
  }

  @Test
  void aLetterOfUnknownDeliveriesIsNotDoubted() {
    JobEvent failed = event(JobState.FAILED, BEFORE, "");
    DeadLetter letter =
        new DeadLetter("j", new byte[] {1}, "darkroom.default.low", 0, DEATH, Optional.empty());
    assertThat(among(failed)).singleElement().matches(DeadJob::mayBeRequeued);
    assertThat(DeadJob.among(List.of(letter), Map.of("j", failed)))
        .singleElement()
        .satisfies(job -> assertThat(job.mayBeRequeued()).isFalse());
  }

  /** The letter of the first record came late: its lease had still to end. */
  @Test
  void whatWasSaidOfAnotherRecordLeavesADoubt() {
    DeadLetter letter =
        new DeadLetter(
            "j", new byte[] {1}, "darkroom.default.low", 5, DEATH, Optional.of("low-0@17"));
    for (JobState state : List.of(JobState.QUEUED, JobState.STARTED, JobState.FAILED)) {
      JobEvent anew = ofRecord(event(state, BEFORE, 1, ""), "low-0@18");
      assertThat(DeadJob.among(List.of(letter), Map.of("j", anew)))
          .singleElement()
          .matches(DeadJob::mayBeRequeued);
      JobEvent same = ofRecord(event(state, BEFORE, 1, ""), "low-0@17");
      assertThat(DeadJob.among(List.of(letter), Map.of("j", same)))
          .singleElement()
          .satisfies(job -> assertThat(job.mayBeRequeued()).isFalse());
    }
  }

  /** It was put on the queue anew with that word, and what came of that died unseen. */
  @Test
  void whatWasSaidOfAnEarlierRecordLeavesADoubtOnlyWhileThatIsBegun() {
    DeadLetter letter =
        new DeadLetter(
            "j", new byte[] {1}, "darkroom.default.low", 5, DEATH, Optional.of("low-0@100"));
    assertThat(mayBeRequeued(letter, JobState.QUEUED, "low-0@99")).isFalse();
    assertThat(mayBeRequeued(letter, JobState.FAILED, "low-0@99")).isFalse();
    assertThat(mayBeRequeued(letter, JobState.STARTED, "low-0@99")).isTrue();
    assertThat(mayBeRequeued(letter, JobState.FAILED, "low-0@101")).isTrue();
    assertThat(mayBeRequeued(letter, JobState.FAILED, "low-1@99")).isTrue();
    assertThat(mayBeRequeued(letter, JobState.FAILED, "garbage@9x")).isTrue();
  }

  private static boolean mayBeRequeued(DeadLetter letter, JobState said, String record) {
    JobEvent event = ofRecord(event(said, BEFORE, 5, ""), record);
    return DeadJob.among(List.of(letter), Map.of("j", event)).get(0).mayBeRequeued();
  }

  @Test
  void storedIsNeverDead() {
    assertThat(among(event(JobState.STORED, BEFORE, ""))).isEmpty();
  }

  @Test
  void twoLettersOfOneJobAreOneDeadJob() {
    assertThat(DeadJob.among(List.of(letter("j"), letter("k"), letter("j")), Map.of()))
        .extracting(DeadJob::id)
        .containsExactly("k", "j");
  }

  @Test
  void aRecordWithoutAKeyHasTheNameThatWorkersGiveIt() {
    assertThat(DeadJob.among(List.of(letter(null)), Map.of()))
        .singleElement()
        .satisfies(job -> assertThat(job.id()).matches("unkeyed-[0-9a-f]{26}"));
  }

  @Test
  void aJobUnderAnotherKeyHasItsOwnName() {
    String json =
        "{\"job\":{\"model\":\"demo\",\"prompt\":\"a cone\",\"seed\":1},"
            + "\"submitted_at\":\"2026-01-31T12:00:00Z\"}";
    byte[] payload = json.getBytes(StandardCharsets.UTF_8);
    String id = QueuedJob.fromJson(payload).id().text();
    DeadLetter letter =
        new DeadLetter("some key!", payload, "darkroom.default.low", 5, DEATH, Optional.empty());
    assertThat(DeadJob.among(List.of(letter), Map.of()))
        .extracting(DeadJob::id)
        .containsExactly(id);
  }

  @Test
  void aKeyThatIsNoPlainNameIsNotShown() {
    assertThat(DeadJob.among(List.of(letter("\u001b[2J"), letter("a b"), letter("")), Map.of()))
        .allSatisfy(job -> assertThat(job.id()).matches("unkeyed-[0-9a-f]{26}"));
  }

  @Test
  void aReasonIsOnePrintableLine() {
    List<DeadJob> dead = among(event(JobState.DEAD, BEFORE, "$.a: no\n$.b: \u001b[2Jno"));
    assertThat(dead)
        .singleElement()
        .satisfies(job -> assertThat(job.reason()).isEqualTo("$.a: no; $.b: \\u001b[2Jno"));
  }

  private static List<DeadJob> among(JobEvent event) {
    return DeadJob.among(List.of(letter("j")), Map.of("j", event));
  }

  private static DeadLetter letter(String key) {
    return new DeadLetter(
        key, new byte[] {1}, "darkroom.default.normal", 5, DEATH, Optional.empty());
  }

  private static JobEvent ofRecord(JobEvent event, String record) {
    return new JobEvent(
        event.jobId(),
        event.state(),
        event.at(),
        event.batch(),
        event.worker(),
        event.attempt(),
        event.kind(),
        event.reason(),
        Optional.of(record));
  }

  private static JobEvent event(JobState state, Instant at, String reason) {
    return event(state, at, 5, reason);
  }

  private static JobEvent event(JobState state, Instant at, int attempt, String reason) {
    return new JobEvent(
        "j",
        state,
        at,
        Optional.empty(),
        Optional.of("w"),
        attempt,
        Optional.of(FailureKind.WORKER_UNFIT),
        Optional.of(reason));
  }
}

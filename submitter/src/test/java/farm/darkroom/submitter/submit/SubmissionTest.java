package farm.darkroom.submitter.submit;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import farm.darkroom.common.FarmException;
import farm.darkroom.common.job.BatchManifest;
import farm.darkroom.common.job.JobEvent;
import farm.darkroom.common.job.JobId;
import farm.darkroom.common.job.JobState;
import farm.darkroom.common.job.QueuedJob;
import farm.darkroom.common.job.RenderJob;
import farm.darkroom.common.queue.InMemoryBroker;
import farm.darkroom.common.queue.InMemoryEventLog;
import farm.darkroom.common.queue.InMemoryJobQueue;
import farm.darkroom.common.queue.Lane;
import farm.darkroom.common.queue.Lease;
import farm.darkroom.common.store.InMemoryResultStore;
import farm.darkroom.common.store.StoreKeys;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.time.ZoneOffset;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.Callable;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.stream.LongStream;
import org.junit.jupiter.api.Test;

class SubmissionTest {
  private static final Clock CLOCK =
      Clock.fixed(Instant.parse("2026-01-31T12:00:00Z"), ZoneOffset.UTC);
  private static final Optional<String> NIGHT = Optional.of("night");

  private final InMemoryResultStore store = new InMemoryResultStore();
  private final InMemoryEventLog events = new InMemoryEventLog();
  private final InMemoryBroker broker = new InMemoryBroker(CLOCK, Duration.ofSeconds(30), 5);
  private final Submission submission = new Submission(store, events, broker, CLOCK);

  @Test
  void publishesWhatIsNotStored() {
    finish(job(2));
    SubmitResult done = submission.submit(SubmitRequest.of(jobs(1, 2, 3), NIGHT));
    assertThat(done.ids()).containsExactly(id(1), id(2), id(3));
    assertThat(done.stored()).containsExactly(id(2));
    assertThat(broker.depth()).isEqualTo(2);
    assertThat(events.all()).extracting(JobEvent::jobId).containsExactly(text(1), text(3));
  }

  @Test
  void whatIsPublishedIsTheJobOnItsLane() {
    submission.submit(new SubmitRequest(jobs(7), NIGHT, Lane.HIGH, false));
    try (InMemoryJobQueue queue = broker.join()) {
      Lease lease = queue.lease(Duration.ZERO).orElseThrow();
      assertThat(lease.lane()).isEqualTo(Lane.HIGH);
      assertThat(lease.key()).isEqualTo(text(7));
      assertThat(QueuedJob.fromJson(lease.payload()))
          .isEqualTo(new QueuedJob(job(7), NIGHT, CLOCK.instant()));
    }
  }

  @Test
  void theSameJobTwiceIsPublishedOnce() {
    SubmitResult done = submission.submit(SubmitRequest.of(jobs(1, 1, 2), NIGHT));
    assertThat(done.ids()).containsExactly(id(1), id(2));
    assertThat(done.repeated()).isEqualTo(1);
    assertThat(broker.depth()).isEqualTo(2);
  }

  @Test
  void aFinishedBatchSubmittedAgainPublishesNothing() {
    submission.submit(SubmitRequest.of(jobs(1, 2), NIGHT));
    jobs(1, 2).forEach(this::finish);
    int before = broker.depth();
    assertThat(submission.submit(SubmitRequest.of(jobs(1, 2), NIGHT)).published()).isZero();
    assertThat(broker.depth()).isEqualTo(before);
  }

  @Test
  void manifestGrowsInOrder() {
    submission.submit(SubmitRequest.of(jobs(2, 1), NIGHT));
    submission.submit(SubmitRequest.of(jobs(1, 3), NIGHT));
    assertThat(manifest().entries())
        .extracting(BatchManifest.Entry::id)
        .containsExactly(id(2), id(1), id(3));
  }

  @Test
  void submittersAtOnceLoseNoLineOfEachOther() throws Exception {
    List<Callable<SubmitResult>> submitters = new ArrayList<>();
    for (long seed = 1; seed <= 8; seed++) {
      SubmitRequest order = SubmitRequest.of(jobs(seed, 100), NIGHT);
      Submission own = new Submission(store.anotherWriter(), events, broker, CLOCK);
      submitters.add(() -> own.submit(order));
    }
    ExecutorService threads = Executors.newFixedThreadPool(submitters.size());
    try {
      for (Future<SubmitResult> done : threads.invokeAll(submitters)) {
        done.get();
      }
    } finally {
      threads.shutdownNow();
    }
    assertThat(manifest().entries())
        .extracting(BatchManifest.Entry::id)
        .containsExactlyInAnyOrder(id(1), id(2), id(3), id(4), id(5), id(6), id(7), id(8), id(100));
  }

  @Test
  void theSameFileAgainAddsNoManifest() {
    submission.submit(SubmitRequest.of(jobs(1, 2), NIGHT));
    submission.submit(SubmitRequest.of(jobs(1, 2), NIGHT));
    assertThat(store.list("batches/")).hasSize(1);
  }

  @Test
  void aSilentBrokerLeavesWhatASecondTryCompletes() {
    broker.outage(true);
    SubmitRequest order = SubmitRequest.of(jobs(1, 2), NIGHT);
    assertThatThrownBy(() -> submission.submit(order)).isInstanceOf(FarmException.class);
    assertThat(manifest().entries()).hasSize(2);
    broker.outage(false);
    submission.submit(order);
    assertThat(broker.depth()).isEqualTo(2);
    assertThat(manifest().entries()).hasSize(2);
  }

  @Test
  void forceDeletesWhatIsStoredAndRendersAnew() {
    finish(job(1));
    SubmitResult done = submission.submit(new SubmitRequest(jobs(1), NIGHT, Lane.NORMAL, true));
    assertThat(done.published()).isEqualTo(1);
    assertThat(store.list(StoreKeys.jobPrefix(text(1)))).isEmpty();
    assertThat(events.latest().get(text(1)).state()).isEqualTo(JobState.QUEUED);
  }

  @Test
  void forceDeletesWhatADeadWorkerLeft() {
    store.putIfAbsent(StoreKeys.output(text(1), 0, "png"), new byte[] {1}, "image/png");
    submission.submit(new SubmitRequest(jobs(1), NIGHT, Lane.NORMAL, true));
    assertThat(store.list(StoreKeys.jobPrefix(text(1)))).isEmpty();
  }

  /** Its record, put a moment later, would speak of a picture that is gone, and for good. */
  @Test
  void forceLeavesAPictureWhoseRecordIsOnItsWay() {
    store.putIfAbsent(StoreKeys.output(text(1), 0, "png"), new byte[] {1}, "image/png");
    JobEvent started =
        new JobEvent(
            text(1),
            JobState.STARTED,
            CLOCK.instant(),
            NIGHT,
            Optional.of("w1"),
            1,
            Optional.empty(),
            Optional.empty());
    events.publish(List.of(started));
    submission.submit(new SubmitRequest(jobs(1), NIGHT, Lane.NORMAL, true));
    assertThat(store.list(StoreKeys.jobPrefix(text(1)))).hasSize(1);
    assertThat(broker.depth()).isOne();
  }

  /** The second order comes between the picture of the copy that is rendered and its record. */
  @Test
  void forceTwiceLeavesAPictureWhoseRecordIsOnItsWay() {
    submission.submit(new SubmitRequest(jobs(1), NIGHT, Lane.NORMAL, true));
    store.putIfAbsent(StoreKeys.output(text(1), 0, "png"), new byte[] {1}, "image/png");
    submission.submit(new SubmitRequest(jobs(1), NIGHT, Lane.NORMAL, true));
    assertThat(store.list(StoreKeys.jobPrefix(text(1)))).hasSize(1);
  }

  @Test
  void withoutABatchThereIsNoManifest() {
    submission.submit(SubmitRequest.of(jobs(1), Optional.empty()));
    assertThat(store.list("batches/")).isEmpty();
  }

  private void finish(RenderJob job) {
    String id = JobId.of(job).text();
    store.putIfAbsent(StoreKeys.output(id, 0, "png"), new byte[] {1}, "image/png");
    store.putIfAbsent(StoreKeys.record(id), new byte[] {2}, "application/json");
  }

  private BatchManifest manifest() {
    return new Manifests(store).require("night");
  }

  private static List<RenderJob> jobs(long... seeds) {
    return LongStream.of(seeds).mapToObj(SubmissionTest::job).toList();
  }

  private static RenderJob job(long seed) {
    String json = "{\"model\":\"demo\",\"prompt\":\"a red cube\",\"seed\":%d}".formatted(seed);
    return RenderJob.fromJson(json.getBytes(UTF_8));
  }

  private static JobId id(long seed) {
    return JobId.of(job(seed));
  }

  private static String text(long seed) {
    return id(seed).text();
  }
}

package farm.darkroom.submitter.audit;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import farm.darkroom.common.FailureKind;
import farm.darkroom.common.FarmException;
import farm.darkroom.common.Sha256;
import farm.darkroom.common.job.JobEvent;
import farm.darkroom.common.job.JobId;
import farm.darkroom.common.job.JobState;
import farm.darkroom.common.job.QueuedJob;
import farm.darkroom.common.job.RenderConditions;
import farm.darkroom.common.job.RenderJob;
import farm.darkroom.common.job.RenderRecord;
import farm.darkroom.common.job.RenderTimings;
import farm.darkroom.common.job.StoredImage;
import farm.darkroom.common.job.WeightFile;
import farm.darkroom.common.queue.DeadLetter;
import farm.darkroom.common.queue.DeadLetters;
import farm.darkroom.common.queue.InMemoryEventLog;
import farm.darkroom.common.store.InMemoryResultStore;
import farm.darkroom.common.store.RepairHint;
import farm.darkroom.common.store.ResultStore;
import farm.darkroom.common.store.StoreKeys;
import farm.darkroom.common.store.WrappedResultStore;
import farm.darkroom.submitter.control.Purge;
import farm.darkroom.submitter.watch.JobStateReader;
import java.time.Clock;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.TreeMap;
import org.junit.jupiter.api.Test;

class AuditTest {
  private static final Instant NOON = Instant.parse("2026-01-31T12:00:00Z");
  private static final byte[] PICTURE = {1, 2, 3};
  private static final String IMAGE = StoreKeys.output(id(1), 0, "png");
  private static final String RECORD = StoreKeys.record(id(1));

  private final InMemoryResultStore store = new InMemoryResultStore();
  private final InMemoryEventLog events = new InMemoryEventLog();
  private final List<DeadLetter> letters = new ArrayList<>();
  private final Audit audit =
      new Audit(store, new JobStateReader(events, new Letters(letters)), true);

  private record Letters(List<DeadLetter> list) implements DeadLetters {
    @Override
    public List<DeadLetter> last(int count) {
      return list.subList(Math.max(0, list.size() - count), list.size());
    }

    @Override
    public long purge() {
      int all = list.size();
      list.clear();
      return all;
    }
  }

  @Test
  void everyJobIsCountedOnceUnderItsEnd() {
    store(1);
    say(1, JobState.STORED);
    letters.add(letter(2));
    say(3, JobState.CANCELLED);
    letters.add(letter("garbage", new byte[] {1}));
    AuditReport report = audit.of(List.of(id(1), id(2), id(3), "garbage"), true);
    assertThat(report.violations()).isEmpty();
    assertThat(report.remarks()).isEmpty();
    assertThat(report.submitted()).isEqualTo(4);
    assertThat(report.of(JobOutcome.STORED)).isEqualTo(1);
    assertThat(report.of(JobOutcome.DEAD)).isEqualTo(2);
    assertThat(report.of(JobOutcome.CANCELLED)).isEqualTo(1);
  }

  /** A worker that was killed leaves one. */
  @Test
  void aPreviewIsNoPictureWithoutARecord() {
    store.put(StoreKeys.preview(id(1)), PICTURE, "image/png");
    AuditReport report = audit.ofQueue(List.of(), true);
    assertThat(report.violations()).isEmpty();
    assertThat(report.remarks()).isEmpty();
  }

  @Test
  void jobWithoutTraceIsOpenUntilTheQueueIsEmptyThenLost() {
    say(1, JobState.STARTED);
    assertThat(audit.of(List.of(id(1)), false).of(JobOutcome.OPEN)).isEqualTo(1);
    AuditReport report = audit.of(List.of(id(1)), true);
    assertThat(report.of(JobOutcome.LOST)).isEqualTo(1);
    assertThat(report.violations())
        .singleElement()
        .satisfies(
            lost ->
                assertThat(lost.what())
                    .contains("last event says started")
                    .endsWith("; 'submit --job " + id(1) + "' puts it on the queue again"));
  }

  @Test
  void recordOutranksADeadLetter() {
    store(1);
    letters.add(letter(1));
    AuditReport report = audit.of(List.of(id(1)), true);
    assertThat(report.of(JobOutcome.STORED)).isEqualTo(1);
    assertThat(report.isClean()).isTrue();
    assertThat(report.remarks())
        .singleElement()
        .satisfies(late -> assertThat(late.what()).contains("last event says dead"));
  }

  @Test
  void aPurgedLetterLeavesTheJobDeadAndExplained() {
    letters.add(letter(1));
    new Purge(events, new Letters(letters), Clock.systemUTC()).purge();
    assertThat(letters).isEmpty();
    AuditReport report = audit.of(List.of(id(1)), true);
    assertThat(report.isClean()).isTrue();
    assertThat(report.of(JobOutcome.DEAD)).isEqualTo(1);
  }

  @Test
  void deadEventWithoutALetterIsNoEnd() {
    say(1, JobState.DEAD);
    assertThat(audit.of(List.of(id(1)), true).of(JobOutcome.LOST)).isEqualTo(1);
  }

  @Test
  void recordWithoutItsImageIsAViolation() {
    store(1);
    store.delete(IMAGE);
    assertViolation("there is a record and no " + IMAGE);
  }

  @Test
  void imageThatDiffersFromTheRecordIsAViolation() {
    store(1);
    store.delete(IMAGE);
    store.putIfAbsent(IMAGE, new byte[] {3, 2, 1}, "image/png");
    assertViolation(IMAGE + " is not the picture that its record names");
    store.delete(IMAGE);
    store.putIfAbsent(IMAGE, new byte[] {1}, "image/png");
    assertViolation(IMAGE + " has 1 byte, its record says 3");
  }

  @Test
  void whatTheStoreSaysItselfHealsItIsSaidOnce() {
    store(1);
    FarmException rotten =
        new FarmException(FailureKind.RENDER_FAILED, "rotten; " + RepairHint.of(IMAGE));
    ResultStore rotting =
        new WrappedResultStore(store) {
          @Override
          public Optional<byte[]> get(String key, long most) {
            if (key.equals(IMAGE)) {
              throw rotten;
            }
            return super.get(key, most);
          }
        };
    Audit reading = new Audit(rotting, new JobStateReader(events, new Letters(letters)), true);
    assertThat(reading.of(List.of(id(1)), true).violations())
        .extracting(Finding::what)
        .containsExactly(
            IMAGE + " is damaged: rotten; 'submit --force --job " + id(1) + "' renders anew");
  }

  @Test
  void imageMissingFromTheRecordIsAViolation() {
    store(1);
    store.putIfAbsent(StoreKeys.output(id(1), 1, "png"), PICTURE, "image/png");
    assertViolation("1.png is not in the record");
  }

  @Test
  void imageWithoutARecordIsAViolation() {
    store.putIfAbsent(IMAGE, PICTURE, "image/png");
    assertThat(audit.of(List.of(id(1)), true).violations())
        .extracting(Finding::what)
        .contains("has images and no record");
    assertThat(audit.ofQueue(List.of(), true).violations())
        .extracting(Finding::what)
        .contains("has images, no record, and nobody submitted it");
  }

  @Test
  void foreignAndUnreadableRecordsAreViolations() {
    store.putIfAbsent(IMAGE, PICTURE, "image/png");
    store.putIfAbsent(RECORD, record(2).toJson(), "application/json");
    assertViolation("that of another job, " + id(2));
    store.delete(RECORD);
    store.putIfAbsent(RECORD, "{\"id\":".getBytes(UTF_8), "application/json");
    assertViolation("record.json is damaged");
  }

  /** Its pictures are no others than they should be, and do not go together. */
  @Test
  void aBatchThatWorkersRenderedUnlikeIsARemark() {
    store(1);
    store(2);
    store(3, "bfloat16", "b".repeat(64));
    List<String> all = List.of(id(1), id(2), id(3));
    AuditReport report = audit.of(all, false);
    assertThat(report.violations()).isEmpty();
    assertThat(report.remarks())
        .containsExactly(
            new Finding(
                id(3), "was rendered with dtype bfloat16 (1 job of the batch), most with float32"),
            new Finding(
                id(3),
                "was rendered with demo unet/a bbbbbbbbbbbb (1 job of the batch), most with"
                    + " aaaaaaaaaaaa"));
    assertThat(audit.ofQueue(all, false).remarks()).isEmpty();
  }

  /** Rendering anew what is whole would lose a picture to a moment's trouble. */
  @Test
  void aPictureThatTheStoreDoesNotGiveNowIsNotCalledDamaged() {
    store(1);
    ResultStore moody =
        new WrappedResultStore(store) {
          @Override
          public Optional<byte[]> get(String key, long maxBytes) {
            if (key.equals(IMAGE)) {
              throw new FarmException(FailureKind.STORE_UNAVAILABLE, "server error 500");
            }
            return super.get(key, maxBytes);
          }
        };
    Audit reading = new Audit(moody, new JobStateReader(events, new Letters(letters)), true);
    assertThat(reading.of(List.of(id(1)), true).violations())
        .extracting(Finding::what)
        .containsExactly(
            IMAGE
                + " cannot be read: server error 500; if that lasts, 'submit --force --job %s' renders anew"
                    .formatted(id(1)));
  }

  @Test
  void objectsThatAreNoJobsAreARemark() {
    for (String key : List.of("jobs/stray", "jobs/notes/a.txt")) {
      store.putIfAbsent(key, PICTURE, "text/plain");
    }
    AuditReport report = audit.ofQueue(List.of(), true);
    assertThat(report.violations()).isEmpty();
    assertThat(report.remarks())
        .extracting(Finding::job)
        .containsExactlyInAnyOrder("jobs/stray", "jobs/notes/a.txt");
  }

  @Test
  void storedJobsOfAnotherQueueAreARemark() {
    store(1);
    AuditReport report = audit.ofQueue(List.of(), true);
    assertThat(report.isClean()).isTrue();
    assertThat(report.remarks()).extracting(Finding::job).containsExactly(id(1));
  }

  /** One that is being stored there, or died between picture and record. */
  @Test
  void aPictureOfAnotherQueuesJobIsARemark() {
    store.putIfAbsent(IMAGE, PICTURE, "image/png");
    say(1, JobState.STARTED);
    AuditReport report = audit.ofQueue(List.of(), true);
    assertThat(report.violations()).isEmpty();
    assertThat(report.remarks()).extracting(Finding::job).containsExactly(id(1));
  }

  private void assertViolation(String what) {
    assertThat(audit.of(List.of(id(1)), true).violations())
        .extracting(Finding::what)
        .anySatisfy(found -> assertThat(found).contains(what))
        .allMatch(found -> found.endsWith("; 'submit --force --job " + id(1) + "' renders anew"));
  }

  private void store(long seed) {
    store(seed, "float32", "a".repeat(64));
  }

  private void store(long seed, String dtype, String unet) {
    byte[] record = record(seed, dtype, unet).toJson();
    store.putIfAbsent(StoreKeys.output(id(seed), 0, "png"), PICTURE, "image/png");
    store.putIfAbsent(StoreKeys.record(id(seed)), record, "application/json");
  }

  private void say(long seed, JobState state) {
    Optional<String> worker = Optional.of("w");
    events.publish(
        List.of(
            new JobEvent(
                id(seed),
                state,
                NOON,
                Optional.empty(),
                worker,
                1,
                Optional.empty(),
                Optional.empty())));
  }

  private static DeadLetter letter(long seed) {
    return letter(id(seed), new QueuedJob(job(seed), Optional.empty(), NOON).toJson());
  }

  private static DeadLetter letter(String key, byte[] payload) {
    return new DeadLetter(key, payload, "darkroom.default.normal", 5, NOON, Optional.empty());
  }

  private static RenderRecord record(long seed) {
    return record(seed, "float32", "a".repeat(64));
  }

  private static RenderRecord record(long seed, String dtype, String unet) {
    WeightFile file = new WeightFile("demo", "unet/a", unet, 1);
    StoredImage image =
        new StoredImage(
            StoreKeys.output(id(seed), 0, "png"), Sha256.hex(PICTURE), PICTURE.length, seed);
    return new RenderRecord(
        new JobId(id(seed)),
        job(seed),
        new RenderConditions("w", "cpu", dtype, "resident", 1, 1, new TreeMap<>(), List.of(file)),
        new RenderTimings(NOON, NOON, 2, 0.1, new TreeMap<>()),
        List.of(image),
        List.of());
  }

  private static String id(long seed) {
    return JobId.of(job(seed)).text();
  }

  private static RenderJob job(long seed) {
    String json = "{\"model\":\"demo\",\"prompt\":\"a red cube\",\"seed\":%d}".formatted(seed);
    return RenderJob.fromJson(json.getBytes(UTF_8));
  }
}

package farm.darkroom.submitter.watch;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import farm.darkroom.common.Await;
import farm.darkroom.common.SetBackClock;
import farm.darkroom.common.job.JobEvent;
import farm.darkroom.common.job.JobState;
import farm.darkroom.common.job.QueuedJob;
import farm.darkroom.common.job.RenderJob;
import farm.darkroom.common.queue.DeadLetters;
import farm.darkroom.common.queue.EventLog;
import farm.darkroom.common.queue.InMemoryBroker;
import farm.darkroom.common.queue.InMemoryEventLog;
import farm.darkroom.common.queue.InMemoryProgressLog;
import farm.darkroom.common.queue.JobPublisher.Posting;
import farm.darkroom.common.queue.Lane;
import farm.darkroom.common.queue.Lease;
import farm.darkroom.common.queue.WrappedEventLog;
import farm.darkroom.common.store.InMemoryResultStore;
import farm.darkroom.common.store.StoreKeys;
import java.io.PrintWriter;
import java.io.StringWriter;
import java.time.Clock;
import java.time.Duration;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.Semaphore;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicLong;
import java.util.function.LongSupplier;
import org.junit.jupiter.api.Test;

class WatchTest {
  private static final String ONE = "0".repeat(26);
  private static final String TWO = "1".repeat(26);
  private Clock clock = Clock.systemUTC();
  private final InMemoryResultStore store = new InMemoryResultStore();
  private final InMemoryEventLog events = new InMemoryEventLog();
  private final InMemoryBroker broker = new InMemoryBroker(clock, Duration.ofSeconds(30), 5);
  private final AtomicBoolean idle = new AtomicBoolean(true);
  private final StringWriter shown = new StringWriter();

  @Test
  void endsWhenTheLastJobEnds() throws Exception {
    say(ONE, JobState.QUEUED);
    say(TWO, JobState.QUEUED);
    CompletableFuture<JobCounts> watched = CompletableFuture.supplyAsync(() -> watch(ONE, TWO));
    say(ONE, JobState.STORED);
    say(TWO, JobState.DEAD);
    JobCounts counts = watched.get(20, TimeUnit.SECONDS);
    assertThat(counts.of(JobState.STORED)).isEqualTo(1);
    assertThat(Watch.hasSucceeded(counts)).isFalse();
    assertThat(shown.toString()).contains("2/2, 1 dead");
  }

  @Test
  void recordOutranksEvents() {
    say(ONE, JobState.STARTED);
    store.putIfAbsent(StoreKeys.record(ONE), new byte[] {1}, "application/json");
    assertThat(Watch.hasSucceeded(watch(ONE))).isTrue();
  }

  /** The tail tells one after the other what the log told at once. */
  @Test
  void aJobThatDiedAndLivesAgainIsNotOver() throws Exception {
    say(ONE, JobState.QUEUED);
    Slow slow = new Slow(events, List.of(event(ONE, JobState.DEAD), event(ONE, JobState.QUEUED)));
    CompletableFuture<JobCounts> watched = CompletableFuture.supplyAsync(() -> watch(slow, ONE));
    assertThat(slow.told.tryAcquire(2, 20, TimeUnit.SECONDS)).isTrue();
    say(ONE, JobState.STORED);
    assertThat(Watch.hasSucceeded(watched.get(20, TimeUnit.SECONDS))).isTrue();
  }

  /** Its worker died between publishing it anew and acknowledging the last delivery. */
  @Test
  void aLetterOfAJobThatIsOnTheQueueAgainIsNotItsEnd() throws Exception {
    InMemoryBroker strict = new InMemoryBroker(clock, Duration.ofSeconds(30), 1);
    String id = dieAfterFailure(strict, clock);
    idle.set(false);
    CompletableFuture<JobCounts> watched =
        CompletableFuture.supplyAsync(() -> watch(strict, events, id));
    while (!shown.toString().contains("1/1, 1 dead")) {
      assertThat(watched).isNotDone();
      Thread.onSpinWait();
    }
    say(id, JobState.STORED);
    assertThat(Watch.hasSucceeded(watched.get(20, TimeUnit.SECONDS))).isTrue();
  }

  @Test
  void onAQueueThatIsNeverEmptyADeathOfLongAgoCounts() throws Exception {
    Clock before = Clock.offset(clock, Duration.ofHours(-1));
    InMemoryBroker strict = new InMemoryBroker(before, Duration.ofSeconds(30), 1);
    String id = dieAfterFailure(strict, before);
    idle.set(false);
    CompletableFuture<JobCounts> watched =
        CompletableFuture.supplyAsync(() -> watch(strict, events, id));
    assertThat(watched.get(20, TimeUnit.SECONDS).of(JobState.DEAD)).isEqualTo(1);
  }

  private String dieAfterFailure(InMemoryBroker strict, Clock then) {
    byte[] job = job();
    String id = QueuedJob.fromJson(job).id().text();
    strict.publish(Lane.NORMAL, List.of(new Posting(id, job)));
    events.publish(List.of(event(id, JobState.FAILED).at(then.instant())));
    Lease lease = strict.join().lease(Duration.ZERO).orElseThrow();
    assertThat(lease.release()).isTrue();
    return id;
  }

  /** No event tells of the record: only who looks again finds it. */
  @Test
  void frozenOrSetBackClockDoesNotStallTheWatch() throws Exception {
    say(ONE, JobState.STARTED);
    clock = new SetBackClock(clock.instant());
    AtomicLong nanos = new AtomicLong();
    CompletableFuture<JobCounts> watched =
        CompletableFuture.supplyAsync(
            () -> watch(() -> nanos.addAndGet(TimeUnit.SECONDS.toNanos(10)), ONE));
    Await.until(() -> shown.toString().contains("0/1"));
    store.putIfAbsent(StoreKeys.record(ONE), new byte[] {1}, "application/json");
    assertThat(Watch.hasSucceeded(watched.get(20, TimeUnit.SECONDS))).isTrue();
  }

  /** Somebody cut its topic off: it would be waited for in silence. */
  @Test
  void aJobThatIsOnNoQueueIsNamedOnce() throws Exception {
    say(ONE, JobState.QUEUED);
    AtomicLong nanos = new AtomicLong();
    CompletableFuture<JobCounts> watched =
        CompletableFuture.supplyAsync(
            () -> watch(() -> nanos.addAndGet(TimeUnit.SECONDS.toNanos(10)), ONE));
    Await.until(() -> shown.toString().contains("the queue is empty, and 1 job did not end"));
    say(ONE, JobState.STORED);
    assertThat(Watch.hasSucceeded(watched.get(20, TimeUnit.SECONDS))).isTrue();
    assertThat(shown.toString()).containsOnlyOnce("the queue is empty");
  }

  @Test
  void aNameThatIsAlmostAnIdIsNoJob() {
    String almost = "A".repeat(26);
    say(almost, JobState.DEAD);
    assertThat(watch(almost).of(JobState.DEAD)).isEqualTo(1);
  }

  /** A log whose tail tells what came after it was opened, one event at a time. */
  private static final class Slow extends WrappedEventLog {
    private final InMemoryEventLog log;
    private final Deque<JobEvent> came;
    private final Semaphore told = new Semaphore(0);

    Slow(InMemoryEventLog log, List<JobEvent> came) {
      super(log);
      this.log = log;
      this.came = new ArrayDeque<>(came);
    }

    @Override
    public Tail follow() {
      log.publish(List.copyOf(came));
      Tail tail = log.follow();
      return new Tail() {
        @Override
        public List<JobEvent> poll(Duration wait) {
          JobEvent next = came.poll();
          if (next == null) {
            return tail.poll(wait);
          }
          told.release();
          return List.of(next);
        }

        @Override
        public void close() {
          tail.close();
        }
      };
    }
  }

  private JobCounts watch(String... ids) {
    return watch(events, ids);
  }

  private JobCounts watch(LongSupplier nanos, String... ids) {
    return watch(broker, events, nanos, ids);
  }

  private JobCounts watch(EventLog log, String... ids) {
    return watch(broker, log, ids);
  }

  private JobCounts watch(DeadLetters letters, EventLog log, String... ids) {
    return watch(letters, log, System::nanoTime, ids);
  }

  private JobCounts watch(DeadLetters letters, EventLog log, LongSupplier nanos, String... ids) {
    return new Watch(store, log, letters, new InMemoryProgressLog(), idle::get, clock, nanos)
        .until(List.of(ids), new ProgressOutput(new PrintWriter(shown), false));
  }

  private void say(String id, JobState state) {
    events.publish(List.of(event(id, state)));
  }

  private JobEvent event(String id, JobState state) {
    return new JobEvent(
        id,
        state,
        clock.instant(),
        Optional.empty(),
        Optional.of("w"),
        1,
        Optional.empty(),
        Optional.empty());
  }

  private byte[] job() {
    String json = "{\"model\":\"demo\",\"prompt\":\"a cube\",\"seed\":1}";
    RenderJob job = RenderJob.fromJson(json.getBytes(UTF_8));
    return new QueuedJob(job, Optional.empty(), clock.instant()).toJson();
  }
}

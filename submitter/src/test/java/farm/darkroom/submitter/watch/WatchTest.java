package farm.darkroom.submitter.watch;

import static org.assertj.core.api.Assertions.assertThat;

import farm.darkroom.common.job.JobEvent;
import farm.darkroom.common.job.JobState;
import farm.darkroom.common.queue.InMemoryBroker;
import farm.darkroom.common.queue.InMemoryEventLog;
import farm.darkroom.common.queue.InMemoryProgressLog;
import farm.darkroom.common.store.InMemoryResultStore;
import farm.darkroom.common.store.StoreKeys;
import java.io.PrintWriter;
import java.io.StringWriter;
import java.time.Clock;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;

class WatchTest {
  private static final String ONE = "0".repeat(26);
  private static final String TWO = "1".repeat(26);
  private final Clock clock = Clock.systemUTC();
  private final InMemoryResultStore store = new InMemoryResultStore();
  private final InMemoryEventLog events = new InMemoryEventLog();
  private final InMemoryBroker broker = new InMemoryBroker(clock, Duration.ofSeconds(30), 5);
  private final StringWriter shown = new StringWriter();

  @Test
  void endsWithTheLastEvent() throws Exception {
    say(ONE, JobState.QUEUED);
    say(TWO, JobState.QUEUED);
    CompletableFuture<Tally> watched = CompletableFuture.supplyAsync(() -> watch(ONE, TWO));
    say(ONE, JobState.STORED);
    say(TWO, JobState.DEAD);
    Tally tally = watched.get(20, TimeUnit.SECONDS);
    assertThat(tally.of(JobState.STORED)).isEqualTo(1);
    assertThat(Watch.isGood(tally)).isFalse();
    assertThat(shown.toString()).contains("2/2, 1 dead");
  }

  @Test
  void aRecordCountsWhateverTheEventsSay() {
    say(ONE, JobState.STARTED);
    store.putIfAbsent(StoreKeys.record(ONE), new byte[] {1}, "application/json");
    assertThat(Watch.isGood(watch(ONE))).isTrue();
  }

  private Tally watch(String... ids) {
    return new Watch(store, events, broker, new InMemoryProgressLog(), clock)
        .until(List.of(ids), new ProgressOutput(new PrintWriter(shown), false));
  }

  private void say(String id, JobState state) {
    events.publish(
        List.of(
            new JobEvent(
                id,
                state,
                clock.instant(),
                Optional.empty(),
                Optional.empty(),
                1,
                Optional.empty(),
                Optional.empty())));
  }
}

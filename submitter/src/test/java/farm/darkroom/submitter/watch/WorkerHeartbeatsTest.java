package farm.darkroom.submitter.watch;

import static org.assertj.core.api.Assertions.assertThat;

import farm.darkroom.common.queue.Heartbeat;
import farm.darkroom.common.queue.InMemoryProgressLog;
import farm.darkroom.common.queue.ProgressLog;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.time.ZoneOffset;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.junit.jupiter.api.Test;

/** Who looks at workers may have a clock that is off. */
class WorkerHeartbeatsTest {
  private static final Instant NOW = Instant.parse("2026-01-31T12:00:00Z");
  private static final Duration OFF = Duration.ofMinutes(3);
  private final Dated log = new Dated();

  @Test
  void recentHeartbeatMeansPresent() {
    log.publish(beat("w1", NOW.minusSeconds(1)));
    assertThat(gone(NOW)).isEmpty();
    assertThat(gone(NOW.plus(OFF))).isEmpty();
    assertThat(gone(NOW.minus(OFF))).isEmpty();
  }

  @Test
  void silentWorkerIsGoneWhateverTheReadersClock() {
    log.publish(beat("w1", NOW.minusSeconds(1)));
    log.publish(beat("w2", NOW.minusSeconds(20)));
    assertThat(gone(NOW)).containsExactly("w2");
    assertThat(gone(NOW.plus(OFF))).containsExactly("w2");
    assertThat(gone(NOW.minus(OFF))).containsExactly("w2");
  }

  private List<String> gone(Instant reader) {
    WorkerHeartbeats heartbeats = WorkerHeartbeats.read(log, Clock.fixed(reader, ZoneOffset.UTC));
    return heartbeats.beats().stream().filter(heartbeats::isGone).map(Heartbeat::worker).toList();
  }

  /** A log with a clock of its own. */
  private static final class Dated implements ProgressLog {
    private final InMemoryProgressLog beats = new InMemoryProgressLog();

    @Override
    public void publish(Heartbeat beat) {
      beats.publish(beat);
    }

    @Override
    public Map<String, Heartbeat> latest() {
      return beats.latest();
    }

    @Override
    public Instant now(Clock own) {
      return NOW;
    }

    @Override
    public void close() {}
  }

  private static Heartbeat beat(String worker, Instant at) {
    return new Heartbeat(
        worker,
        at,
        "idle",
        "cpu",
        List.of("demo"),
        Optional.empty(),
        1,
        Optional.empty(),
        Optional.empty(),
        Optional.empty());
  }
}

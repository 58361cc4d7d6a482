package farm.darkroom.common.kafka;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import java.util.HashMap;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import org.junit.jupiter.api.Test;

class TrackNewsTest {
  private static final String TOPIC = "darkroom.q.normal.2";
  private static final KafkaFailures FAILURES = new KafkaFailures("localhost:9092", true);
  private static final Duration DEPTHS = Duration.ofSeconds(10);

  private final Map<String, Long> ends = new HashMap<>();
  private final Map<String, Long> depths = new HashMap<>();
  private final ScriptedConsumer broker = new ScriptedConsumer(TOPIC);
  private final LaneSeats track =
      new LaneSeats(TOPIC, () -> new Seat(TOPIC, () -> broker, FAILURES));
  private Duration ago = Duration.ZERO;
  private CompletableFuture<Map<String, Long>> unanswered;
  private final TrackNews news =
      new TrackNews(FAILURES, () -> Map.copyOf(ends), this::askDepths, this::now);

  @Test
  void whatIsPublishedIsNews() {
    assertThat(mayHold()).isFalse();
    ends.put(TOPIC, 3L);
    assertThat(mayHold()).isTrue();
    assertThat(mayHold()).as("nobody looked").isTrue();
  }

  @Test
  void whatWasDoneBeforeThisWorkerCameIsNone() {
    ends.put(TOPIC, 3L);
    depths.put(TOPIC, 0L);
    assertThat(mayHold()).isFalse();
  }

  @Test
  void aTrackThatHadNothingIsLeftAloneUntilMoreComes() {
    ends.put(TOPIC, 3L);
    assertThat(mayHold()).isTrue();
    findNothing();
    assertThat(mayHold()).isFalse();
    ends.put(TOPIC, 4L);
    assertThat(mayHold()).isTrue();
  }

  @Test
  void nothingFoundBeforeTheEndWasReadSaysNothingOfIt() {
    findNothing();
    ends.put(TOPIC, 3L);
    assertThat(mayHold()).isTrue();
  }

  @Test
  void aJobThatComesBackShowsInTheDepth() {
    ago = DEPTHS;
    ends.put(TOPIC, 3L);
    assertThat(mayHold()).isTrue();
    findNothing();
    depths.put(TOPIC, 1L);
    assertThat(mayHold()).as("the depths are not asked each time").isFalse();
    ago = Duration.ZERO;
    assertThat(mayHold()).isTrue();
    findNothing();
    assertThat(mayHold()).as("it is leased elsewhere").isFalse();
  }

  @Test
  void nobodyWaitsForTheDepthsButTheFirst() {
    ago = DEPTHS;
    ends.put(TOPIC, 3L);
    assertThat(mayHold()).isTrue();
    findNothing();
    unanswered = new CompletableFuture<>();
    ago = Duration.ZERO;
    assertThat(mayHold()).isFalse();
    unanswered.complete(Map.of(TOPIC, 1L));
    assertThat(mayHold()).isTrue();
  }

  private boolean mayHold() {
    return news.mayHold(track, now());
  }

  private void findNothing() {
    Seat seat = track.free();
    assertThat(seat.take(Duration.ZERO)).isEmpty();
    for (int i = 0; i < 2; i++) {
      broker.answerNothing();
      assertThat(seat.take(Duration.ZERO)).isEmpty();
    }
    assertThat(seat.isAnswered()).isTrue();
    news.learn(track);
  }

  private CompletableFuture<Map<String, Long>> askDepths() {
    return unanswered == null ? CompletableFuture.completedFuture(Map.copyOf(depths)) : unanswered;
  }

  private long now() {
    return System.nanoTime() - ago.toNanos();
  }
}

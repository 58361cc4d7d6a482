package farm.darkroom.common.queue;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import farm.darkroom.common.FarmException;
import java.nio.charset.StandardCharsets;
import java.time.Instant;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.Test;

class HeartbeatTest {
  private static final Heartbeat.Render RENDER =
      new Heartbeat.Render("J1", Optional.of("night"), 3, 30, 2.5, "resident");

  @Test
  void jsonKeepsWhatARenderingWorkerSays() {
    Heartbeat beat =
        new Heartbeat(
            "w1",
            Instant.parse("2026-01-31T12:00:00Z"),
            "rendering",
            "cpu",
            List.of("demo"),
            Optional.of(RENDER),
            1L << 33,
            Optional.empty(),
            Optional.of("posters"),
            Optional.of(3));
    assertThat(Heartbeat.fromJson(beat.toJson())).isEqualTo(beat);
  }

  @Test
  void jsonKeepsWhatAnUnfitWorkerSays() {
    Heartbeat beat =
        new Heartbeat(
            "w1",
            Instant.EPOCH,
            "probing",
            "cuda:1",
            List.of(),
            Optional.empty(),
            0,
            Optional.of("device gone"),
            Optional.empty(),
            Optional.empty());
    assertThat(Heartbeat.fromJson(beat.toJson())).isEqualTo(beat);
  }

  @Test
  void otherBytesAreRefused() {
    assertThatThrownBy(() -> Heartbeat.fromJson("{}".getBytes(StandardCharsets.UTF_8)))
        .isInstanceOf(FarmException.class)
        .hasMessageContaining("worker");
  }
}

package farm.darkroom.common.job;

import static farm.darkroom.common.job.RenderJobTest.job;
import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import farm.darkroom.common.FarmException;
import java.time.Instant;
import java.util.Optional;
import org.junit.jupiter.api.Test;

class QueuedJobTest {
  private static final Instant AT = Instant.parse("2026-01-31T12:00:00Z");

  @Test
  void comesBackFromItsJson() {
    QueuedJob queued = new QueuedJob(job("'seed': 3"), Optional.of("night-1"), AT);
    assertThat(QueuedJob.fromJson(queued.toJson())).isEqualTo(queued);
  }

  @Test
  void jobThatAWorkerPutBackSaysSo() {
    QueuedJob queued = new QueuedJob(job("'seed': 3"), Optional.empty(), AT);
    assertThat(new String(queued.toJson(), UTF_8)).doesNotContain("requeued", "retried");
    QueuedJob again = QueuedJob.fromJson(queued.again().again().toJson());
    assertThat(again.requeued()).isEqualTo(2);
    assertThat(again.retried()).isZero();
    assertThat(again.id()).isEqualTo(queued.id());
    QueuedJob failed = QueuedJob.fromJson(again.afterFailure().toJson());
    assertThat(failed.requeued()).isEqualTo(2);
    assertThat(failed.retried()).isOne();
  }

  @Test
  void refusesJobsThatAreNotDetermined() {
    assertThatThrownBy(() -> new QueuedJob(job(""), Optional.empty(), AT))
        .hasMessageContaining("no seed");
    RenderJob local = job("'seed': 1, 'image': 'cat.png'");
    assertThatThrownBy(() -> new QueuedJob(local, Optional.empty(), AT))
        .hasMessageContaining("cat.png");
  }

  @Test
  void refusesGarbage() {
    for (String garbage : new String[] {"", "null", "[]", "\u0000\u0001", "{\"job\": 3}", "{}x"}) {
      assertThatThrownBy(() -> QueuedJob.fromJson(garbage.getBytes(UTF_8)))
          .isInstanceOf(FarmException.class);
    }
    assertThatThrownBy(() -> QueuedJob.fromJson(new byte[] {(byte) 0xff, (byte) 0xfe, 0}))
        .isInstanceOf(FarmException.class)
        .hasMessageContaining("no UTF-8");
  }

  @Test
  void namesTheProblemsOfTheJobInside() {
    byte[] bad = "{\"job\": {\"promt\": \"x\"}, \"batch\": \"../x\"}".getBytes(UTF_8);
    assertThatThrownBy(() -> QueuedJob.fromJson(bad))
        .hasMessageContaining("$.job.promt: unknown field; did you mean prompt?")
        .hasMessageContaining("$.job.model: missing")
        .hasMessageContaining("$.batch: found \"../x\"")
        .hasMessageContaining("$.submitted_at: missing");
  }
}

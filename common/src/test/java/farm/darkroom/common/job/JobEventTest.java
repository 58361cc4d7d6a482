package farm.darkroom.common.job;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import farm.darkroom.common.FailureKind;
import farm.darkroom.common.FarmException;
import java.time.Instant;
import java.util.Optional;
import org.junit.jupiter.api.Test;

class JobEventTest {
  private static final Instant AT = Instant.parse("2026-01-31T12:00:00.123Z");

  @Test
  void comesBackFromItsJson() {
    JobEvent event =
        new JobEvent(
            "abc",
            JobState.FAILED,
            AT,
            Optional.of("night"),
            Optional.of("gpu-3"),
            2,
            Optional.of(FailureKind.OUT_OF_MEMORY),
            Optional.of("asked 7 GiB\n\"and\" there were 6"),
            Optional.of("darkroom.default.low-0@17"));
    assertThat(JobEvent.fromJson(event.toJson())).isEqualTo(event);
  }

  /** A record that was no job has any key, and its reason may quote what stood in it. */
  @Test
  void carriesWhateverStoodInABadRecord() {
    JobEvent event =
        new JobEvent(
            "k\u0000\u0007" + "x".repeat(5000),
            JobState.DEAD,
            AT,
            Optional.empty(),
            Optional.empty(),
            1,
            Optional.of(FailureKind.INVALID_JOB),
            Optional.of("found \u001b[31m"));
    assertThat(JobEvent.fromJson(event.toJson())).isEqualTo(event);
  }

  @Test
  void leavesOutWhatThereIsNot() {
    JobEvent event =
        new JobEvent(
            "abc",
            JobState.QUEUED,
            AT,
            Optional.empty(),
            Optional.empty(),
            0,
            Optional.empty(),
            Optional.empty());
    assertThat(new String(event.toJson(), UTF_8))
        .isEqualTo(
            "{\"at\":\"2026-01-31T12:00:00.123Z\",\"attempt\":0,\"job_id\":\"abc\",\"state\":\"queued\"}");
    assertThat(JobEvent.fromJson(event.toJson())).isEqualTo(event);
  }

  @Test
  void passesOverFieldsOfALaterVersion() {
    byte[] later =
        "{\"job_id\":\"a\",\"state\":\"stored\",\"at\":\"2026-01-31T12:00:00Z\",\"mood\":\"fine\"}"
            .getBytes(UTF_8);
    assertThat(JobEvent.fromJson(later).state()).isEqualTo(JobState.STORED);
  }

  @Test
  void namesEveryProblem() {
    byte[] bad = "{\"state\":\"storde\",\"at\":\"noon\"}".getBytes(UTF_8);
    assertThatThrownBy(() -> JobEvent.fromJson(bad))
        .isInstanceOf(FarmException.class)
        .hasMessageContaining("$.job_id: missing")
        .hasMessageContaining("$.state: found \"storde\"")
        .hasMessageContaining("did you mean stored?")
        .hasMessageContaining("$.at: found text \"noon\"");
  }
}

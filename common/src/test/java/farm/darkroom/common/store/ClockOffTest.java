package farm.darkroom.common.store;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.time.Duration;
import org.junit.jupiter.api.Test;

/** A machine whose clock is an hour off, as a service answers it that minds. */
class ClockOffTest {
  private static final String KEY = "jobs/a/record.json";
  private static final Duration HOUR = Duration.ofHours(1);

  @Test
  void aServiceThatSaysTheTimeIsServedByItsClock() throws IOException {
    try (PunctualService service = new PunctualService(HOUR, true);
        S3ResultStore store = new S3ResultStore(service.settings())) {
      assertThat(store.bucket().exists()).isFalse();
    }
  }

  @Test
  void theClockIsNamedWhereItCannotBeCorrected() throws IOException {
    try (PunctualService service = new PunctualService(HOUR, false);
        S3ResultStore store = new S3ResultStore(service.settings())) {
      String reason = "access denied: the clock of this machine is off (RequestTimeTooSkewed)";
      assertThatThrownBy(() -> store.exists(KEY)).hasMessageContaining(reason);
      assertThatThrownBy(() -> store.bucket().exists()).hasMessageContaining(reason);
    }
  }
}

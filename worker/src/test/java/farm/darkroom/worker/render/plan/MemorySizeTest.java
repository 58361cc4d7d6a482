package farm.darkroom.worker.render.plan;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import farm.darkroom.common.FailureKind;
import farm.darkroom.common.FarmException;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class MemorySizeTest {

  @ParameterizedTest
  @CsvSource({
    "4GB, 4000000000",
    "4 gb, 4000000000",
    "1.5GiB, 1610612736",
    "300MB, 300000000",
    "0.5TB, 500000000000",
    "8MiB, 8388608"
  })
  void sizesAreReadAsTheyAreWritten(String typed, long bytes) {
    assertThat(MemorySize.parse("--memory-limit", typed)).isEqualTo(bytes);
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "0",
        "0GB",
        "-1GB",
        "4 apples",
        "4",
        "GB",
        "",
        "1e3GB",
        "4,5GB",
        "NaN",
        "9999999TB9"
      })
  void whatIsNoSizeIsRefusedInOneLine(String typed) {
    assertThatThrownBy(() -> MemorySize.parse("--memory-limit", typed))
        .isInstanceOfSatisfying(
            FarmException.class, e -> assertThat(e.kind()).isEqualTo(FailureKind.WORKER_UNFIT))
        .hasMessage(
            "--memory-limit: found '"
                + typed
                + "', allowed: sizes above 0 in MB, GB, TB, MiB, GiB or TiB, such as 4GB");
  }
}

package farm.darkroom.infra.supervisor;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import farm.darkroom.common.FarmException;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class DevicesTest {
  @Test
  void allMeansEveryGpu() {
    assertThat(Devices.of("all", () -> 3)).containsExactly("cuda:0", "cuda:1", "cuda:2");
  }

  @Test
  void allIsTheCpuWhereThereIsNoGpu() {
    assertThat(Devices.of("all", () -> 0)).containsExactly("cpu");
  }

  @Test
  void aListIsTakenAsItIs() {
    assertThat(Devices.of("cuda:1, cpu,cpu", () -> 2)).containsExactly("cuda:1", "cpu", "cpu");
  }

  @Test
  void aGpuThatIsNotThereIsNamed() {
    assertThatThrownBy(() -> Devices.of("cuda:0,cuda:4", () -> 2))
        .isInstanceOf(FarmException.class)
        .hasMessage("--devices: found 'cuda:4', libtorch finds 2 GPUs here");
  }

  @ParameterizedTest
  @ValueSource(strings = {"", "gpu", "cpu,", "all,cpu", "cuda", "cuda:-1"})
  void otherThanDevicesIsRefused(String typed) {
    assertThatThrownBy(() -> Devices.of(typed, () -> 8))
        .isInstanceOf(FarmException.class)
        .hasMessageContaining("allowed: all, or up to 64 of cpu and cuda:N with commas");
  }

  @Test
  void workersAreNamedAfterTheirDevices() {
    assertThat(Devices.names("box", List.of("cuda:0", "cpu", "cpu")))
        .containsExactly("box-cuda0", "box-cpu", "box-cpu-2");
  }
}

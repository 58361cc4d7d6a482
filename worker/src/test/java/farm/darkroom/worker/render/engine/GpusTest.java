package farm.darkroom.worker.render.engine;

import static org.assertj.core.api.Assertions.assertThatCode;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import farm.darkroom.common.FarmException;
import java.util.Optional;
import org.junit.jupiter.api.Test;

class GpusTest {

  @Test
  void aGpuThatIsNotHereIsRefusedWithThoseThatAre() {
    assertThatThrownBy(() -> Gpus.require(on("cuda:2"), 2))
        .isInstanceOf(FarmException.class)
        .hasMessage(
            "device: found cuda:2, allowed: cpu, cuda:0, cuda:1 (libtorch finds 2 GPUs here)");
  }

  @Test
  void whatIsHereIsAllowed() {
    assertThatCode(() -> Gpus.require(on("cuda:1"), 2)).doesNotThrowAnyException();
    assertThatCode(() -> Gpus.require(on("cpu"), 0)).doesNotThrowAnyException();
  }

  private static EngineSettings on(String device) {
    return EngineSettings.of(
        Optional.of(device),
        Optional.empty(),
        Optional.empty(),
        Optional.empty(),
        Optional.empty());
  }
}

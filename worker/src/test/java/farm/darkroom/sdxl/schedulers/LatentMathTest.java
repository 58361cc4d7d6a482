package farm.darkroom.sdxl.schedulers;

import static org.assertj.core.api.Assertions.assertThat;

import ai.djl.Device;
import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.NDManager;
import farm.darkroom.sdxl.torch.Kernels;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.Test;

class LatentMathTest {
  private static final Kernels KERNELS = Kernels.load(Device.cpu());

  @AfterAll
  static void close() {
    KERNELS.close();
  }

  /** Where sigma is in the thousands, the last bit of a middle changes the picture by percents. */
  @Test
  void middlesAreThoseOfPyTorchsLogarithmsOnThisCpu() {
    try (NDManager scope = KERNELS.manager().newSubManager()) {
      LatentMath math = new LatentMath(KERNELS, scope);
      for (float sigma = 0.03f; sigma < 20_000; sigma *= 1.07f) {
        float lower = sigma / 3;
        assertThat(math.geometricMiddle(lower, sigma)).isEqualTo(middle(scope, lower, sigma));
        assertThat(math.geometricMiddle(sigma, lower)).isEqualTo(middle(scope, sigma, lower));
      }
      assertThat(math.geometricMiddle(0, 3)).isZero();
    }
  }

  /** As {@code torch.lerp}, which at a half goes back from its end. */
  private static double middle(NDManager scope, float start, float end) {
    NDArray logs = scope.create(new float[] {start, end}).log();
    NDArray last = logs.get("1:2");
    return last.sub(last.sub(logs.get("0:1")).mul(0.5f)).exp().toFloatArray()[0];
  }
}

package farm.darkroom.sdxl.torch;

import static org.assertj.core.api.Assertions.assertThat;

import ai.djl.Device;
import ai.djl.engine.Engine;
import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.NDManager;
import ai.djl.ndarray.types.Shape;
import java.util.Map;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** {@code enlarged} beside libtorch's own enlarging and convolution, in float32. */
class EnlargedTest {

  /**
   * Sides of one place, several pictures, and rows in several parts; the same bits on one thread
   * and on two.
   */
  @ParameterizedTest
  @CsvSource({"1, 32, 40, 12, 10", "2, 48, 32, 9, 7", "2, 24, 24, 1, 1", "1, 256, 256, 45, 50"})
  void differencesAgreeWithTheEnlargedPicture(int batch, int in, int out, int height, int width) {
    try (Kernels plain = Kernels.load(Device.cpu(), MatmulKernels.PLAIN);
        Kernels packed = Kernels.load(Device.cpu(), MatmulKernels.PACKED);
        NDManager scope = plain.manager().newSubManager()) {
      Map<String, NDArray> raw = weights(scope, in, out);
      NDArray x = scope.randomNormal(new Shape(batch, in, height, width)).add(3);
      NDArray expected = run(plain, scope, raw, x, Dtype.FLOAT32);
      NDArray found = run(packed, scope, raw, x, Dtype.FLOAT32);
      assertThat(found.getShape()).isEqualTo(new Shape(batch, out, 2L * height, 2L * width));
      assertThat(relative(found, expected)).isLessThan(3e-6).isPositive();
      assertThat(WinogradTest.onThreads(1, () -> run(packed, scope, raw, x, Dtype.FLOAT32)))
          .isEqualTo(WinogradTest.onThreads(2, () -> run(packed, scope, raw, x, Dtype.FLOAT32)))
          .isEqualTo(found.toFloatArray());
    }
  }

  /** As close to float32 as libtorch's own convolution in bfloat16 is. */
  @ParameterizedTest
  @CsvSource({"1, 32, 40, 12, 10", "2, 48, 32, 9, 7", "2, 24, 24, 1, 1"})
  void phasesAreAsExactAsTheConvolution(int batch, int in, int out, int height, int width) {
    try (Kernels plain = Kernels.load(Device.cpu(), MatmulKernels.PLAIN);
        Kernels packed = Kernels.load(Device.cpu(), MatmulKernels.PACKED);
        NDManager scope = plain.manager().newSubManager()) {
      Map<String, NDArray> raw = weights(scope, in, out);
      NDArray pixels = scope.randomNormal(new Shape(batch, in, height, width));
      NDArray x = plain.tensor(scope, "cast", pixels, Dtype.BFLOAT16.scalarType());
      NDArray exact = run(plain, scope, raw, wide(plain, scope, x), Dtype.FLOAT32);
      NDArray direct = wide(plain, scope, run(plain, scope, raw, x, Dtype.BFLOAT16));
      NDArray found = wide(plain, scope, run(packed, scope, raw, x, Dtype.BFLOAT16));
      assertThat(relative(found, exact))
          .isLessThan(1.25 * relative(direct, exact))
          .isNotEqualTo(relative(direct, exact));
    }
  }

  private static Map<String, NDArray> weights(NDManager scope, int in, int out) {
    Engine.getEngine("PyTorch").setRandomSeed(7);
    return Map.of(
        "conv.weight", scope.randomNormal(new Shape(out, in, 3, 3)).mul(0.05f),
        "conv.bias", scope.randomNormal(new Shape(out)));
  }

  private static NDArray run(
      Kernels kernels, NDManager scope, Map<String, NDArray> raw, NDArray x, Dtype dtype) {
    Map<String, String> layouts = Map.of("conv.weight", "enlarged");
    try (TensorDict w = MaterialisedWeights.of(kernels, raw, layouts, dtype)) {
      return kernels.tensor(scope, "vae_upsample", w, x, 1);
    }
  }

  private static NDArray wide(Kernels kernels, NDManager scope, NDArray x) {
    return kernels.tensor(scope, "cast", x, Dtype.FLOAT32.scalarType());
  }

  private static double relative(NDArray found, NDArray expected) {
    return norm(found.sub(expected)) / norm(expected);
  }

  private static double norm(NDArray x) {
    return Math.sqrt(x.mul(x).sum().getFloat());
  }
}

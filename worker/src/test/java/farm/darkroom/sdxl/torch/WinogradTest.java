package farm.darkroom.sdxl.torch;

import static org.assertj.core.api.Assertions.assertThat;

import ai.djl.Device;
import ai.djl.engine.Engine;
import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.NDManager;
import ai.djl.ndarray.types.Shape;
import ai.djl.pytorch.jni.JniUtils;
import java.util.Map;
import java.util.function.Supplier;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class WinogradTest {

  /**
   * Sides that are no multiples of a tile, less than one, and rows in several parts; the same bits
   * on one thread and on two.
   */
  @ParameterizedTest
  @CsvSource({
    "2, 2, 24, 40, 9, 14, 2e-6",
    "2, 1, 24, 40, 1, 1, 2e-6",
    "2, 2, 320, 640, 60, 32, 2e-6",
    "4, 2, 24, 40, 9, 14, 2e-5",
    "4, 1, 24, 40, 1, 3, 2e-5",
    "4, 1, 256, 256, 90, 95, 2e-5"
  })
  void tilesAgreeWithTheConvolution(
      int size, int batch, int in, int out, int height, int width, double tolerance) {
    try (Kernels plain = Kernels.load(Device.cpu(), Products.PLAIN);
        Kernels packed = Kernels.load(Device.cpu(), Products.PACKED);
        NDManager scope = plain.manager().newSubManager()) {
      Engine.getEngine("PyTorch").setRandomSeed(7);
      NDArray weight = scope.randomNormal(new Shape(out, in, 3, 3)).mul(0.05f);
      NDArray bias = scope.randomNormal(new Shape(out));
      NDArray x = scope.randomNormal(new Shape(batch, in, height, width));
      NDArray expected = convolution(plain, scope, size, weight, bias, x);
      NDArray found = convolution(packed, scope, size, weight, bias, x);
      assertThat(found.getShape()).isEqualTo(expected.getShape());
      assertThat(norm(found.sub(expected)) / norm(expected)).isLessThan(tolerance).isPositive();
      assertThat(onThreads(1, () -> convolution(packed, scope, size, weight, bias, x)))
          .isEqualTo(onThreads(2, () -> convolution(packed, scope, size, weight, bias, x)))
          .isEqualTo(found.toFloatArray());
    }
  }

  private static float[] onThreads(int threads, Supplier<NDArray> call) {
    int before = JniUtils.getNumThreads();
    JniUtils.setNumThreads(threads);
    try {
      return call.get().toFloatArray();
    } finally {
      JniUtils.setNumThreads(before);
    }
  }

  private static NDArray convolution(
      Kernels kernels, NDManager scope, int size, NDArray weight, NDArray bias, NDArray x) {
    Map<String, NDArray> raw = Map.of("conv.weight", weight, "conv.bias", bias);
    Map<String, NDArray> tiled = Map.of("conv.weight", weight);
    try (TensorDict w =
        kernels.dict(
            "materialise",
            raw,
            Map.of(),
            Map.of(),
            size == 2 ? tiled : Map.of(),
            size == 4 ? tiled : Map.of(),
            Map.of(),
            127,
            Dtype.FLOAT32.scalarType())) {
      return kernels.tensor(scope, "convolution", x, w, "conv", 1, 1);
    }
  }

  private static double norm(NDArray x) {
    return Math.sqrt(x.mul(x).sum().getFloat());
  }
}

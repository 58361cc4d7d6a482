package farm.darkroom.sdxl.torch;

import static org.assertj.core.api.Assertions.assertThat;

import ai.djl.Device;
import ai.djl.engine.Engine;
import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.NDManager;
import ai.djl.ndarray.types.Shape;
import ai.djl.pytorch.jni.JniUtils;
import java.util.Map;
import java.util.TreeMap;
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
    try (Kernels plain = Kernels.load(Device.cpu(), MatmulKernels.PLAIN);
        Kernels packed = Kernels.load(Device.cpu(), MatmulKernels.PACKED);
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

  /**
   * The VAE's block takes its norms and adds its input a few rows of tiles at a time; with and
   * without a shortcut, with sides that are no multiples of a tile.
   */
  @ParameterizedTest
  @CsvSource({"1, 32, 32, 24, 16", "2, 32, 48, 9, 14", "1, 256, 128, 66, 70"})
  void blockInTilesAgreesWithTheBlock(int batch, int in, int out, int height, int width) {
    try (Kernels plain = Kernels.load(Device.cpu(), MatmulKernels.PLAIN);
        Kernels packed = Kernels.load(Device.cpu(), MatmulKernels.PACKED);
        NDManager scope = plain.manager().newSubManager()) {
      Engine.getEngine("PyTorch").setRandomSeed(7);
      Map<String, NDArray> raw = blockWeights(scope, in, out);
      NDArray x = scope.randomNormal(new Shape(batch, height, width, in)).mul(3).add(5);
      NDArray expected = block(plain, scope, raw, x);
      NDArray found = block(packed, scope, raw, x);
      assertThat(found.getShape()).isEqualTo(expected.getShape());
      assertThat(norm(found.sub(expected)) / norm(expected)).isLessThan(2e-5).isPositive();
      assertThat(onThreads(1, () -> block(packed, scope, raw, x)))
          .isEqualTo(onThreads(2, () -> block(packed, scope, raw, x)));
    }
  }

  /** On a copy of {@code pixels}, because a block may write into its input. */
  private static NDArray block(
      Kernels kernels, NDManager scope, Map<String, NDArray> raw, NDArray pixels) {
    NDArray x = pixels.duplicate().transpose(0, 3, 1, 2);
    return run(kernels, scope, raw, "vae_resnet", x, 16);
  }

  private static NDArray run(
      Kernels kernels,
      NDManager scope,
      Map<String, NDArray> raw,
      String kernel,
      NDArray x,
      int groups) {
    Map<String, String> layouts = new TreeMap<>();
    raw.keySet().stream()
        .filter(key -> key.matches("conv.?\\.weight"))
        .forEach(key -> layouts.put(key, "tiles_of_4"));
    try (TensorDict w = MaterialisedWeights.of(kernels, raw, layouts, Dtype.FLOAT32)) {
      return kernels.tensor(scope, kernel, w, x, groups);
    }
  }

  private static Map<String, NDArray> blockWeights(NDManager scope, int in, int out) {
    Map<String, NDArray> raw = new TreeMap<>();
    raw.put("norm1.weight", scope.randomNormal(new Shape(in)));
    raw.put("norm1.bias", scope.randomNormal(new Shape(in)));
    raw.put("conv1.weight", scope.randomNormal(new Shape(out, in, 3, 3)).mul(0.05f));
    raw.put("conv1.bias", scope.randomNormal(new Shape(out)));
    raw.put("norm2.weight", scope.randomNormal(new Shape(out)));
    raw.put("norm2.bias", scope.randomNormal(new Shape(out)));
    raw.put("conv2.weight", scope.randomNormal(new Shape(out, out, 3, 3)).mul(0.05f));
    raw.put("conv2.bias", scope.randomNormal(new Shape(out)));
    if (in != out) {
      raw.put("conv_shortcut.weight", scope.randomNormal(new Shape(out, in, 1, 1)).mul(0.05f));
      raw.put("conv_shortcut.bias", scope.randomNormal(new Shape(out)));
    }
    return raw;
  }

  /** What the call makes on so many threads of libtorch. */
  static float[] onThreads(int threads, Supplier<NDArray> call) {
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
    Map<String, String> layouts = Map.of("conv.weight", "tiles_of_" + size);
    try (TensorDict w = MaterialisedWeights.of(kernels, raw, layouts, Dtype.FLOAT32)) {
      return kernels.tensor(scope, "convolution", x, w, "conv", 1, 1);
    }
  }

  private static double norm(NDArray x) {
    return Math.sqrt(x.mul(x).sum().getFloat());
  }
}

package farm.darkroom.sdxl.torch;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.fail;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import ai.djl.Device;
import ai.djl.engine.Engine;
import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.NDManager;
import ai.djl.ndarray.types.DataType;
import ai.djl.ndarray.types.Shape;
import ai.djl.nn.convolutional.Conv2d;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.function.Supplier;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class MatmulKernelsTest {

  /** Odd sizes, because a packed layout has blocks; bfloat16 has eight bits of mantissa. */
  @ParameterizedTest
  @CsvSource({
    "FLOAT32, 1, 1e-5",
    "FLOAT32, 2, 1e-5",
    "FLOAT32, 300, 1e-5",
    "BFLOAT16, 2, 0.05",
    "BFLOAT16, 300, 0.05"
  })
  void packedAgreesWithPlain(Dtype dtype, int rows, float tolerance) {
    float[] expected = layer(MatmulKernels.PLAIN, Dtype.FLOAT32, rows);
    float[] found = layer(MatmulKernels.PACKED, dtype, rows);
    agree(found, expected, tolerance);
    assertThat(layer(MatmulKernels.PACKED, dtype, rows)).isEqualTo(found);
  }

  /** Where all that is added is largest, sums of int8 products must not be cut off. */
  @Test
  void int8WeightsAreExactWhereAllAreAlike() {
    try (Kernels kernels = Kernels.load(Device.cpu(), MatmulKernels.PACKED);
        NDManager scope = kernels.manager().newSubManager()) {
      NDArray weight = scope.ones(new Shape(45, 320));
      Map<String, NDArray> raw = Map.of("q.weight", weight);
      NDArray x = scope.ones(new Shape(2, 30, 320)).mul(-3);
      Map<String, String> layouts = Map.of("q.weight", "int8");
      try (TensorDict w = MaterialisedWeights.of(kernels, raw, layouts, Dtype.FLOAT32)) {
        float[] y = kernels.tensor(scope, "linear", x, w, "q").toFloatArray();
        float[] expected = new float[y.length];
        Arrays.fill(expected, -960);
        agree(y, expected, 0.01f);
      }
    }
  }

  /**
   * A transformer block of 512 channels, whose feed-forward has 2,048: with packed weights it takes
   * rows by parts and its gates apart, with plain ones the channels between its two products.
   */
  @Test
  void blockIsTheSameHoweverItIsCut() {
    float[] whole = block(MatmulKernels.PACKED, Dtype.FLOAT32, false);
    float[] packed = block(MatmulKernels.PACKED, Dtype.FLOAT32, true);
    agree(packed, whole, 2e-5f);
    assertThat(packed).isNotEqualTo(whole);
    agree(block(MatmulKernels.PLAIN, Dtype.FLOAT32, true), whole, 2e-5f);
    agree(block(MatmulKernels.PACKED, Dtype.BFLOAT16, true), whole, 0.1f);
    agree(block(MatmulKernels.PACKED, Dtype.FLOAT16, true), whole, 0.02f);
  }

  /**
   * bfloat16 convolutions are packed: of one by one and three by three, over a few channels, with a
   * step of two, at other sizes than the one that they are packed for.
   */
  @ParameterizedTest
  @CsvSource({
    "4, 320, 3, 1, 9, 14",
    "320, 4, 3, 1, 32, 32",
    "24, 40, 3, 2, 15, 8",
    "320, 320, 3, 2, 64, 64",
    "640, 320, 1, 1, 5, 5",
    "320, 320, 3, 1, 40, 24",
    "3, 16, 3, 1, 65, 63"
  })
  void packedConvolutionsAgreeWithPlain(
      int in, int out, int kernel, int stride, int height, int width) {
    float[] expected =
        convolved(MatmulKernels.PLAIN, Dtype.FLOAT32, in, out, kernel, stride, height, width);
    float[] found =
        convolved(MatmulKernels.PACKED, Dtype.BFLOAT16, in, out, kernel, stride, height, width);
    agree(found, expected, 0.06f);
    assertThat(found).isNotEqualTo(expected);
  }

  /**
   * float32 convolutions have the bits of libtorch's own, in its format, so that pictures stay
   * those of diffusers: of one picture, which small ones convolve without oneDNN, and of two.
   */
  @ParameterizedTest
  @CsvSource({
    "1, 48, 48, 3, 1, 16, 16",
    "1, 48, 48, 3, 1, 24, 20",
    "1, 4, 48, 3, 1, 9, 14",
    "1, 24, 40, 1, 1, 8, 8",
    "2, 48, 48, 3, 1, 16, 16",
    "2, 4, 48, 3, 1, 9, 14",
    "2, 48, 4, 3, 1, 16, 16",
    "2, 48, 48, 3, 2, 15, 8",
    "2, 224, 112, 3, 1, 4, 4",
    "2, 224, 112, 1, 1, 4, 4",
    "2, 3, 16, 3, 1, 65, 63",
    "3, 16, 24, 5, 1, 20, 12",
    "17, 16, 16, 3, 2, 6, 6"
  })
  void float32ConvolutionsHaveTheBitsOfLibtorch(
      int batch, int in, int out, int kernel, int stride, int height, int width) {
    try (Kernels kernels = Kernels.load(Device.cpu(), MatmulKernels.PACKED);
        NDManager scope = kernels.manager().newSubManager()) {
      Engine.getEngine("PyTorch").setRandomSeed(7);
      NDArray weight = scope.randomNormal(new Shape(out, in, kernel, kernel));
      NDArray bias = scope.randomNormal(new Shape(out));
      Map<String, NDArray> raw = Map.of("q.weight", weight, "q.bias", bias);
      Map<String, String> layouts = Map.of("q.weight", "convolution");
      Shape strides = new Shape(stride, stride);
      Shape padding = new Shape(kernel / 2, kernel / 2);
      NDArray rows = scope.randomNormal(new Shape(batch, in, height, width));
      NDArray last = rows.transpose(0, 2, 3, 1).duplicate().transpose(0, 3, 1, 2);
      try (TensorDict w = MaterialisedWeights.of(kernels, raw, layouts, Dtype.FLOAT32)) {
        for (NDArray x : kernel == 1 ? List.of(rows) : List.of(rows, last)) {
          NDArray y = kernels.tensor(scope, "convolution", x, w, "q", stride, kernel / 2);
          NDArray expected =
              Conv2d.conv2d(x, weight, bias, strides, padding, new Shape(1, 1), 1)
                  .singletonOrThrow();
          assertThat(y.toFloatArray()).isEqualTo(expected.toFloatArray());
        }
      }
    }
  }

  /**
   * Given channels last, oneDNN would add up all 2016 products one after another: 7.6e-7. With AVX2
   * alone it does so in either format.
   */
  @Test
  void rowMajorConvolutionsAreNearExact() {
    assumeTrue(Cpu.here().gainsByPacking(), "no AVX-512 here");
    try (Kernels kernels = Kernels.load(Device.cpu(), MatmulKernels.PACKED);
        NDManager scope = kernels.manager().newSubManager()) {
      Engine.getEngine("PyTorch").setRandomSeed(7);
      NDArray weight = scope.randomNormal(new Shape(112, 224, 3, 3)).mul(0.02f);
      NDArray bias = scope.zeros(new Shape(112));
      NDArray x = scope.randomNormal(new Shape(2, 224, 8, 8));
      Map<String, NDArray> raw = Map.of("q.weight", weight, "q.bias", bias);
      Map<String, String> layouts = Map.of("q.weight", "convolution");
      try (TensorDict w = MaterialisedWeights.of(kernels, raw, layouts, Dtype.FLOAT32)) {
        NDArray found = kernels.tensor(scope, "convolution", x, w, "q", 1, 1);
        NDArray exact =
            Conv2d.conv2d(
                    x.toType(DataType.FLOAT64, false),
                    weight.toType(DataType.FLOAT64, false),
                    bias.toType(DataType.FLOAT64, false),
                    new Shape(1, 1),
                    new Shape(1, 1),
                    new Shape(1, 1),
                    1)
                .singletonOrThrow();
        NDArray apart = found.toType(DataType.FLOAT64, false).sub(exact);
        assertThat(apart.norm().div(exact.norm()).getDouble()).isLessThan(4e-7);
      }
    }
  }

  /** oneDNN's own convolution of one by one gives other last bits on two threads. */
  @Test
  void pointwiseConvolutionsAreTheSameOnOneThreadAndOnTwo() {
    try (Kernels kernels = Kernels.load(Device.cpu(), MatmulKernels.PACKED);
        NDManager scope = kernels.manager().newSubManager()) {
      Engine.getEngine("PyTorch").setRandomSeed(7);
      NDArray weight = scope.randomNormal(new Shape(640, 320, 1, 1)).mul(0.05f);
      NDArray bias = scope.randomNormal(new Shape(640));
      NDArray pixels = scope.randomNormal(new Shape(2, 16, 16, 320));
      NDArray x = pixels.transpose(0, 3, 1, 2);
      Map<String, NDArray> raw = Map.of("q.weight", weight, "q.bias", bias);
      try (TensorDict w = MaterialisedWeights.of(kernels, raw, Map.of(), Dtype.FLOAT32)) {
        Supplier<NDArray> call = () -> kernels.tensor(scope, "convolution", x, w, "q", 1, 0);
        float[] found = WinogradTest.onThreads(1, call);
        assertThat(WinogradTest.onThreads(2, call)).isEqualTo(found);
        NDArray expected = pixels.matMul(weight.reshape(640, 320).transpose()).add(bias);
        float[] values = expected.transpose(0, 3, 1, 2).toFloatArray();
        agree(found, values, 1e-5f);
      }
    }
  }

  /** AssertJ's containsExactly takes time with the square of the length. */
  private static void agree(float[] found, float[] expected, float tolerance) {
    assertThat(found).hasSameSizeAs(expected);
    for (int i = 0; i < found.length; i++) {
      if (!(Math.abs(found[i] - expected[i]) <= tolerance)) {
        fail("at %d: found %s, expected %s within %s", i, found[i], expected[i], tolerance);
      }
    }
  }

  private static float[] block(MatmulKernels products, Dtype dtype, boolean packed) {
    try (Kernels kernels = Kernels.load(Device.cpu(), products);
        NDManager scope = kernels.manager().newSubManager()) {
      Engine.getEngine("PyTorch").setRandomSeed(7);
      Map<String, NDArray> raw = blockWeights(scope, 512);
      Map<String, String> layouts = packed ? packedLayouts(raw) : Map.of();
      NDArray x = cast(kernels, scope, scope.randomNormal(new Shape(2, 150, 512)), dtype);
      NDArray text = scope.randomNormal(new Shape(2, 8, 7, 64));
      Map<String, NDArray> keysValues = Map.of("0.k", text, "0.v", text);
      try (TensorDict w = MaterialisedWeights.of(kernels, raw, layouts, dtype);
          TensorDict kv = MaterialisedWeights.of(kernels, keysValues, Map.of(), dtype)) {
        NDArray y =
            kernels.tensor(scope, "transformer_block", w, x, kv, "0", 8, 0, 0, 2, 2, new long[0]);
        return cast(kernels, scope, y, Dtype.FLOAT32).toFloatArray();
      }
    }
  }

  /** A convolution with bias over two pictures, weights such that outputs are about one. */
  private static float[] convolved(
      MatmulKernels products,
      Dtype dtype,
      int in,
      int out,
      int kernel,
      int stride,
      int height,
      int width) {
    try (Kernels kernels = Kernels.load(Device.cpu(), products);
        NDManager scope = kernels.manager().newSubManager()) {
      Engine.getEngine("PyTorch").setRandomSeed(7);
      double scale = 1 / Math.sqrt(in * kernel * kernel);
      NDArray weight = scope.randomNormal(new Shape(out, in, kernel, kernel)).mul(scale);
      NDArray x = scope.randomNormal(new Shape(2, height, width, in)).transpose(0, 3, 1, 2);
      Map<String, NDArray> raw =
          Map.of("q.weight", weight, "q.bias", scope.randomNormal(new Shape(out)));
      Map<String, String> layouts = Map.of("q.weight", "convolution");
      try (TensorDict w = MaterialisedWeights.of(kernels, raw, layouts, dtype)) {
        NDArray pixels = cast(kernels, scope, x, dtype);
        NDArray y = kernels.tensor(scope, "convolution", pixels, w, "q", stride, kernel / 2);
        return cast(kernels, scope, y, Dtype.FLOAT32).toFloatArray();
      }
    }
  }

  private static NDArray cast(Kernels kernels, NDManager scope, NDArray x, Dtype dtype) {
    return kernels.tensor(scope, "cast", x, dtype.scalarType());
  }

  private static Map<String, String> packedLayouts(Map<String, NDArray> raw) {
    Map<String, String> layouts = new TreeMap<>();
    raw.keySet().stream()
        .filter(key -> !key.contains("norm") && !key.endsWith("bias"))
        .forEach(key -> layouts.put(key, "linear"));
    layouts.put("ff.net.0.proj.weight", "gated");
    return layouts;
  }

  private static Map<String, NDArray> blockWeights(NDManager scope, long c) {
    Map<String, NDArray> raw = new TreeMap<>();
    for (String norm : List.of("norm1", "norm2", "norm3")) {
      raw.put(norm + ".weight", scope.randomNormal(new Shape(c)));
      raw.put(norm + ".bias", scope.randomNormal(new Shape(c)));
    }
    raw.put("attn1.qkv.weight", scope.randomNormal(new Shape(3 * c, c)).mul(0.02f));
    for (String layer : List.of("attn1.to_out.0", "attn2.to_q", "attn2.to_out.0")) {
      raw.put(layer + ".weight", scope.randomNormal(new Shape(c, c)).mul(0.02f));
    }
    raw.put("attn1.to_out.0.bias", scope.randomNormal(new Shape(c)));
    raw.put("attn2.to_out.0.bias", scope.randomNormal(new Shape(c)));
    raw.put("ff.net.0.proj.weight", scope.randomNormal(new Shape(8 * c, c)).mul(0.02f));
    raw.put("ff.net.0.proj.bias", scope.randomNormal(new Shape(8 * c)));
    raw.put("ff.net.2.weight", scope.randomNormal(new Shape(c, 4 * c)).mul(0.02f));
    raw.put("ff.net.2.bias", scope.randomNormal(new Shape(c)));
    return raw;
  }

  /** A layer of 67 inputs and 45 outputs with bias, on both halves of a batch. */
  private static float[] layer(MatmulKernels products, Dtype dtype, int rows) {
    try (Kernels kernels = Kernels.load(Device.cpu(), products);
        NDManager scope = kernels.manager().newSubManager()) {
      Engine.getEngine("PyTorch").setRandomSeed(7);
      NDArray weight = scope.randomNormal(new Shape(45, 67)).mul(0.1f);
      Map<String, String> layouts = Map.of("q.weight", "linear");
      Map<String, NDArray> raw =
          Map.of("q.weight", weight, "q.bias", scope.randomNormal(new Shape(45)));
      NDArray x = scope.randomNormal(new Shape(2, rows, 67));
      try (TensorDict w = MaterialisedWeights.of(kernels, raw, layouts, dtype)) {
        NDArray cast = kernels.tensor(scope, "cast", x, dtype.scalarType());
        NDArray y = kernels.tensor(scope, "linear", cast, w, "q");
        return kernels.tensor(scope, "cast", y, Dtype.FLOAT32.scalarType()).toFloatArray();
      }
    }
  }
}

package farm.darkroom.sdxl.torch;

import static org.assertj.core.api.Assertions.assertThat;

import ai.djl.Device;
import ai.djl.engine.Engine;
import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.NDManager;
import ai.djl.ndarray.types.Shape;
import java.util.Arrays;
import java.util.Map;
import org.assertj.core.data.Offset;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class ProductsTest {

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
    float[] expected = layer(Products.PLAIN, Dtype.FLOAT32, rows);
    float[] found = layer(Products.PACKED, dtype, rows);
    assertThat(found).containsExactly(expected, Offset.offset(tolerance));
    assertThat(layer(Products.PACKED, dtype, rows)).containsExactly(found);
  }

  /** Where all that is added is largest, sums of int8 products must not be cut off. */
  @Test
  void int8WeightsAreExactWhereAllAreAlike() {
    try (Kernels kernels = Kernels.load(Device.cpu(), Products.PACKED);
        NDManager scope = kernels.manager().newSubManager()) {
      NDArray weight = scope.ones(new Shape(45, 320));
      Map<String, NDArray> raw = Map.of("q.weight", weight);
      NDArray x = scope.ones(new Shape(2, 30, 320)).mul(-3);
      try (TensorDict w =
          kernels.dict(
              "materialise",
              raw,
              Map.of(),
              Map.of(),
              Map.of(),
              Map.of(),
              raw,
              kernels.int8Levels(),
              Dtype.FLOAT32.scalarType())) {
        float[] y = kernels.tensor(scope, "linear", x, w, "q").toFloatArray();
        float[] expected = new float[y.length];
        Arrays.fill(expected, -960);
        assertThat(y).containsExactly(expected, Offset.offset(0.01f));
      }
    }
  }

  /** A layer of 67 inputs and 45 outputs with bias, on both halves of a batch. */
  private static float[] layer(Products products, Dtype dtype, int rows) {
    try (Kernels kernels = Kernels.load(Device.cpu(), products);
        NDManager scope = kernels.manager().newSubManager()) {
      Engine.getEngine("PyTorch").setRandomSeed(7);
      NDArray weight = scope.randomNormal(new Shape(45, 67)).mul(0.1f);
      Map<String, NDArray> linears = Map.of("q.weight", weight);
      Map<String, NDArray> raw =
          Map.of("q.weight", weight, "q.bias", scope.randomNormal(new Shape(45)));
      NDArray x = scope.randomNormal(new Shape(2, rows, 67));
      try (TensorDict w =
          kernels.dict(
              "materialise",
              raw,
              linears,
              Map.of(),
              Map.of(),
              Map.of(),
              Map.of(),
              127,
              dtype.scalarType())) {
        NDArray cast = kernels.tensor(scope, "cast", x, dtype.scalarType());
        NDArray y = kernels.tensor(scope, "linear", cast, w, "q");
        return kernels.tensor(scope, "cast", y, Dtype.FLOAT32.scalarType()).toFloatArray();
      }
    }
  }
}

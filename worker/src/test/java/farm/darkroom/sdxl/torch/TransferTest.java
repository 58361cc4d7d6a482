package farm.darkroom.sdxl.torch;

import static org.assertj.core.api.Assertions.assertThat;

import ai.djl.Device;
import ai.djl.engine.Engine;
import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.NDManager;
import ai.djl.ndarray.types.Shape;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** The way of weights to a GPU, gone on a CPU: without streams, into memory of its own. */
class TransferTest {
  private static final String DEVICE = "cpu";

  /**
   * Halves of the staging memory that are smaller than a row, than a weight, than all, and larger.
   */
  @ParameterizedTest
  @CsvSource({"1, 6", "45, 6", "128, 6", "200, 5", "300, 6", "1000, 6", "1000000, 5"})
  void weightsArriveAsTheyAre(int half, int dtype) {
    try (Kernels kernels = Kernels.load(Device.cpu(), MatmulKernels.PLAIN);
        NDManager scope = kernels.manager().newSubManager()) {
      Engine.getEngine("PyTorch").setRandomSeed(7);
      Map<String, NDArray> raw = weights(scope);
      Map<String, String> layouts =
          MaterialisedWeights.all(raw, Map.of("conv.weight", "convolution"));
      NDArray room = kernels.tensor(scope, "room", 1280L, dtype, DEVICE);
      try (TensorDict sent = kernels.dict("placed", raw, layouts, room);
          TensorDict laid = kernels.dict("materialise", raw, layouts, 127, dtype)) {
        NDArray staging = kernels.tensor(scope, "staging_for", raw, room, half);
        kernels.tensor(scope, "send_mapped", raw, layouts, room, staging);
        assertThat(answers(kernels, scope, sent, dtype))
            .isEqualTo(answers(kernels, scope, laid, dtype));
      }
    }
  }

  /** Elements: 315 and 7, then 16 rows of 33 in three parts, then 16; each takes whole 128s. */
  private static Map<String, NDArray> weights(NDManager scope) {
    Map<String, NDArray> raw = new LinkedHashMap<>();
    raw.put("conv.weight", scope.randomNormal(new Shape(7, 5, 3, 3)));
    raw.put("conv.bias", scope.randomNormal(new Shape(7)));
    raw.put("q.weight", scope.randomNormal(new Shape(9, 33)));
    raw.put("q.weight+1", scope.randomNormal(new Shape(4, 33)));
    raw.put("q.weight+2", scope.randomNormal(new Shape(3, 33)));
    raw.put("q.bias", scope.randomNormal(new Shape(16)));
    return raw;
  }

  private static List<String> answers(Kernels kernels, NDManager scope, TensorDict w, int dtype) {
    NDArray x = kernels.tensor(scope, "cast", scope.ones(new Shape(2, 33)), dtype);
    NDArray pixels = kernels.tensor(scope, "cast", scope.ones(new Shape(1, 5, 6, 6)), dtype);
    return List.of(
        values(kernels, scope, kernels.tensor(scope, "linear", x, w, "q")),
        values(kernels, scope, kernels.tensor(scope, "convolution", pixels, w, "conv", 1, 1)));
  }

  private static String values(Kernels kernels, NDManager scope, NDArray y) {
    NDArray floats = kernels.tensor(scope, "cast", y, Dtype.FLOAT32.scalarType());
    return Arrays.toString(floats.toFloatArray());
  }
}

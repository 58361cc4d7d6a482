package farm.darkroom.sdxl.torch;

import static org.assertj.core.api.Assertions.assertThat;

import ai.djl.Device;
import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.NDManager;
import ai.djl.ndarray.types.Shape;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;

class KernelsTest {
  @Test
  void aLinearCombinationOfTensors() {
    try (Kernels kernels = Kernels.load(Device.cpu());
        NDManager scope = kernels.manager().newSubManager()) {
      NDArray a = scope.create(new float[] {1, 2});
      NDArray b = scope.create(new float[] {10, 20});
      NDArray sum =
          kernels.tensor(scope, "linear_combination", List.of(a, b, a), new double[] {2, 0.5, 1});
      assertThat(sum.toFloatArray()).containsExactly(8, 16);
    }
  }

  @Test
  void aDictionaryPassesBetweenKernels() {
    try (Kernels kernels = Kernels.load(Device.cpu());
        NDManager scope = kernels.manager().newSubManager()) {
      NDArray weight = scope.create(new float[] {1, 2, 3, 4}, new Shape(2, 2));
      NDArray bias = scope.create(new float[] {10, 20});
      Map<String, NDArray> raw = Map.of("q.weight", weight, "q.bias", bias);
      NDArray x = scope.create(new float[] {1, 1}, new Shape(1, 2));
      Map<String, String> layouts = Map.of("q.weight", "linear");
      try (TensorDict w = MaterialisedWeights.of(kernels, raw, layouts, Dtype.FLOAT32)) {
        NDArray y = kernels.tensor(scope, "linear", x, w, "q");
        assertThat(y.toFloatArray()).containsExactly(13, 27);
      }
    }
  }
}

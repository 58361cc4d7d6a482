package farm.darkroom.sdxl.text;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import ai.djl.Device;
import ai.djl.ndarray.NDManager;
import farm.darkroom.sdxl.torch.Kernels;
import org.junit.jupiter.api.Test;

class HiddenActivationTest {
  private static final float[] X = {-3, -1, -0.1f, 0, 0.5f, 2};

  @Test
  void everyNameHasItsFormula() {
    try (Kernels kernels = Kernels.load(Device.cpu());
        NDManager scope = kernels.manager().newSubManager()) {
      for (String name : HiddenActivation.allNames()) {
        String kernel = HiddenActivation.of(name).orElseThrow().kernel();
        float[] found =
            kernels.tensor(scope, "clip_activation", scope.create(X), kernel).toFloatArray();
        for (int i = 0; i < X.length; i++) {
          assertThat((double) found[i]).as(name).isCloseTo(formula(name, X[i]), within(2e-6));
        }
      }
    }
  }

  private static double formula(String name, double x) {
    return switch (name) {
      case "quick_gelu" -> x / (1 + Math.exp(-1.702 * x));
      case "gelu" -> x * normal(x);
      case "gelu_new", "gelu_fast", "gelu_pytorch_tanh" ->
          x / 2 * (1 + Math.tanh(Math.sqrt(2 / Math.PI) * (x + 0.044715 * x * x * x)));
      case "relu" -> Math.max(0, x);
      case "silu", "swish" -> x / (1 + Math.exp(-x));
      default -> throw new AssertionError("no formula for " + name);
    };
  }

  /** The standard normal distribution function, by Simpson's rule from 0. */
  private static double normal(double x) {
    int steps = 200;
    double h = x / steps;
    double sum = 0;
    for (int i = 0; i <= steps; i++) {
      double factor = i == 0 || i == steps ? 1 : i % 2 == 1 ? 4 : 2;
      sum += factor * Math.exp(-(i * h) * (i * h) / 2);
    }
    return 0.5 + sum * h / 3 / Math.sqrt(2 * Math.PI);
  }
}

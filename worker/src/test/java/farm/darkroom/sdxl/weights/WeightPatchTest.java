package farm.darkroom.sdxl.weights;

import static org.assertj.core.api.Assertions.assertThat;

import ai.djl.Device;
import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.NDManager;
import ai.djl.ndarray.types.DataType;
import ai.djl.ndarray.types.Shape;
import farm.darkroom.sdxl.torch.Dtype;
import farm.darkroom.sdxl.torch.Kernels;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

class WeightPatchTest {
  private static final Kernels KERNELS = Kernels.load(Device.cpu());
  private static final Checkpoint UNET =
      Checkpoint.open(
          "unet", List.of(Path.of("demo-model/base/unet/diffusion_pytorch_model.safetensors")));
  private static final String BLOCK = "down_blocks.1.attentions.0.transformer_blocks.0.attn1";
  private static final int WIDTH = 96;
  private static final WeightGroup JOINED =
      WeightGroup.of(BLOCK)
          .joinedLinearNoBias("qkv", List.of("to_q", "to_k", "to_v"), WIDTH, WIDTH)
          .build();

  @AfterAll
  static void close() {
    KERNELS.close();
  }

  @ParameterizedTest
  @EnumSource(WeightResidency.class)
  void onePartOfJoinedWeightsIsPatchedAlone(WeightResidency residency) {
    WeightPatch doubled =
        (tensor, stored, scope) ->
            tensor.equals(BLOCK + ".to_k.weight")
                ? attached(stored.toType(DataType.FLOAT32, true).mul(2), scope)
                : stored;
    float[] plain = rows(residency, WeightPatch.NONE);
    float[] patched = rows(residency, doubled);
    for (int i = 0; i < plain.length; i++) {
      boolean key = i / WIDTH == 1;
      assertThat(patched[i]).isEqualTo(key ? 2 * plain[i] : plain[i]);
    }
  }

  private static NDArray attached(NDArray array, NDManager scope) {
    array.attach(scope);
    return array;
  }

  /** The joined layer's answer to ones, twice, so that sequential weights are loaded anew. */
  private static float[] rows(WeightResidency residency, WeightPatch patch) {
    WeightLoader loader = new WeightLoader(UNET, KERNELS, Precision.of(Dtype.FLOAT32), patch);
    try (Weights weights = residency.weights(loader);
        NDManager scope = KERNELS.manager().newSubManager()) {
      float[] first = rows(weights, scope);
      assertThat(rows(weights, scope)).isEqualTo(first);
      return first;
    }
  }

  private static float[] rows(Weights weights, NDManager scope) {
    try (Weights.Hold hold = weights.hold(JOINED)) {
      NDArray ones = scope.ones(new Shape(1, WIDTH));
      return KERNELS.tensor(scope, "linear", ones, hold.dict(), "qkv").toFloatArray();
    }
  }
}

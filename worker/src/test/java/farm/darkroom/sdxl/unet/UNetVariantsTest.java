package farm.darkroom.sdxl.unet;

import ai.djl.ndarray.NDManager;
import farm.darkroom.sdxl.torch.Dtype;
import farm.darkroom.sdxl.weights.WeightResidency;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Small random models with what the demo models do not use. */
class UNetVariantsTest {
  private static final GoldenTensors GOLDENS = GoldenTensors.open("variants.safetensors");

  @ParameterizedTest
  @ValueSource(strings = {"inpaint_lcm", "pruned", "resnet_middle"})
  void aStepEqualsDiffusers(String variant) {
    try (DemoUNet unet =
            DemoUNet.open(
                GoldenTensors.FOLDER.resolve(variant), Dtype.FLOAT32, WeightResidency.SEQUENTIAL);
        NDManager scope = DemoUNet.KERNELS.manager().newSubManager();
        UNetConditioning text = unet.condition(GOLDENS, variant)) {
      Optional<ai.djl.ndarray.NDArray> guidance =
          unet.model().config().time().condProjDim().isPresent()
              ? Optional.of(GOLDENS.tensor(variant + ".timestep_cond", scope))
              : Optional.empty();
      UNetInput input =
          new UNetInput(
              GOLDENS.tensor(variant + ".sample", scope),
              601,
              text,
              guidance,
              Optional.empty(),
              List.of(),
              Optional.empty());
      GOLDENS.assertClose(variant + ".output", unet.model().forward(scope, input), 1e-5);
    }
  }
}

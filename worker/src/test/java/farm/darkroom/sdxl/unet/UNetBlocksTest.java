package farm.darkroom.sdxl.unet;

import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.NDManager;
import farm.darkroom.sdxl.torch.Dtype;
import farm.darkroom.sdxl.torch.Kernels;
import farm.darkroom.sdxl.weights.WeightResidency;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** Block by block, so that a step that differs says where. */
class UNetBlocksTest {
  private static final GoldenTensors GOLDENS = GoldenTensors.open("steps.safetensors");
  private static final Kernels KERNELS = DemoUNet.KERNELS;
  private static final double RELATIVE = 1e-5;

  @ParameterizedTest
  @CsvSource({"base, 0", "refiner, 77"})
  void everyBlockEqualsDiffusers(String snapshot, double timestep) {
    try (DemoUNet unet = DemoUNet.open(snapshot, Dtype.FLOAT32, WeightResidency.RESIDENT);
        NDManager scope = KERNELS.manager().newSubManager();
        UNetConditioning text = unet.condition(GOLDENS, snapshot)) {
      UNetTopology topology = new UNetTopology(unet.model().config());
      UNetEncoder encoder = topology.encoder();
      check(snapshot, "add_embedding", text.addEmbedding());
      check(snapshot, "time_embedding", timestep(encoder, unet, timestep, scope));
      NDArray sample = GOLDENS.tensor(snapshot + "_tiny.sample", scope);

      UNetPass pass =
          encoder.pass(KERNELS, unet.weights(), scope, text, timestep, Optional.empty());
      NDArray x = encoder.convIn(sample, pass);
      check(snapshot, "conv_in", x);
      Deque<NDArray> skips = new ArrayDeque<>();
      skips.addLast(x);
      for (int i = 0; i < encoder.down().size(); i++) {
        encoder.down().get(i).forward(skips, Optional.empty(), pass);
        check(snapshot, "down_blocks." + i, skips.getLast());
      }
      x = encoder.middle(skips.getLast(), List.of(), pass);
      check(snapshot, "mid_block", x);
      for (int i = 0; i < topology.up().size(); i++) {
        x = topology.up().get(i).forward(x, skips, pass, Optional.empty());
        check(snapshot, "up_blocks." + i, x);
      }
    }
  }

  private static NDArray timestep(
      UNetEncoder encoder, DemoUNet unet, double timestep, NDManager scope) {
    return encoder.time().timestep(KERNELS, unet.weights(), scope, 2, timestep, Optional.empty());
  }

  private static void check(String snapshot, String block, NDArray found) {
    GOLDENS.assertClose(snapshot + "_tiny." + block, found, RELATIVE);
  }
}

package farm.darkroom.sdxl.vae;

import static org.assertj.core.api.Assertions.assertThat;

import ai.djl.Device;
import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.NDManager;
import farm.darkroom.sdxl.torch.Kernels;
import java.util.List;
import org.junit.jupiter.api.Test;

class LatentScaleTest {
  private static final VaeGoldens GOLDENS = VaeGoldens.open("scaled.safetensors");
  private static final LatentScale PLAIN = new LatentScale(0.13025, List.of(), List.of());
  private static final LatentScale MEAN =
      new LatentScale(
          0.5, List.of(-1.6574, 1.886, -1.383, 2.5155), List.of(8.4927, 5.9022, 6.5498, 5.2299));

  @Test
  void scalesAsThePipelinesOfDiffusers() {
    try (Kernels kernels = Kernels.load(Device.cpu());
        NDManager scope = kernels.manager().newSubManager()) {
      NDArray latents = GOLDENS.tensor(scope, "latents");
      assertThat(difference(PLAIN.scaled(scope, kernels, latents), "scaled")).isZero();
      assertThat(difference(PLAIN.unscaled(scope, kernels, latents), "unscaled")).isLessThan(1e-7);
      assertThat(difference(MEAN.scaled(scope, kernels, latents), "mean.scaled")).isLessThan(1e-6);
      assertThat(difference(MEAN.unscaled(scope, kernels, latents), "mean.unscaled"))
          .isLessThan(1e-6);
      NDArray kept = MEAN.factorOnly().scaled(scope, kernels, latents);
      assertThat(kept.toFloatArray()).isEqualTo(latents.mul(0.5f).toFloatArray());
    }
  }

  private static double difference(NDArray found, String golden) {
    return GOLDENS.difference(found, golden);
  }
}

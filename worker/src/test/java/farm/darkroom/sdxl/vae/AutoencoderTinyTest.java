package farm.darkroom.sdxl.vae;

import static org.assertj.core.api.Assertions.assertThat;

import ai.djl.Device;
import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.NDManager;
import farm.darkroom.sdxl.snapshot.Component;
import farm.darkroom.sdxl.snapshot.WeightCheck;
import farm.darkroom.sdxl.torch.Dtype;
import farm.darkroom.sdxl.torch.Kernels;
import farm.darkroom.sdxl.weights.Precision;
import farm.darkroom.sdxl.weights.WeightLoader;
import farm.darkroom.sdxl.weights.WeightResidency;
import farm.darkroom.sdxl.weights.Weights;
import java.util.Optional;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

class AutoencoderTinyTest {
  private static final Kernels KERNELS = Kernels.load(Device.cpu());
  private static final Component TINY = Component.open("vae", VaeGoldens.FOLDER.resolve("tiny"));
  private static final VaeGoldens GOLDENS = VaeGoldens.open("tiny.safetensors");

  private final NDManager scope = KERNELS.manager().newSubManager();
  private final Weights weights =
      WeightResidency.RESIDENT.weights(new WeightLoader(TINY.checkpoint(), KERNELS, Dtype.FLOAT32));
  private final Autoencoder vae = Autoencoder.of(TINY, KERNELS, weights);

  @AfterEach
  void free() {
    scope.close();
    weights.close();
  }

  @AfterAll
  static void close() {
    KERNELS.close();
  }

  @Test
  void isWhatTheConfigNames() {
    assertThat(vae).isInstanceOf(AutoencoderTiny.class);
    assertThat(vae.config().vaeScaleFactor()).isEqualTo(8);
    assertThat(vae.config().tiling()).isEqualTo(new Tiling(512, 64, 0.125));
    WeightCheck.check(TINY.checkpoint(), vae.groups());
  }

  @Test
  void decodesAsDiffusers() {
    NDArray latents = GOLDENS.tensor(scope, "latents");
    assertThat(GOLDENS.difference(vae.decode(scope, latents), "decoded")).isLessThan(1e-5);
  }

  @Test
  void encodesAsDiffusersAndDrawsNoNoise() {
    NDArray encoded =
        vae.encode(
            scope,
            GOLDENS.tensor(scope, "picture"),
            shape -> {
              throw new AssertionError("noise was drawn");
            });
    assertThat(GOLDENS.difference(encoded, "encoded")).isLessThan(1e-5);
  }

  /**
   * Tiles are faded into each other as floats, of which a picture has three while it is rounded.
   */
  @Test
  void pictureInTilesIsCountedWhole() {
    VaeMemory stages =
        new VaeMemory(
            vae.config(), Precision.of(Dtype.FLOAT32), Optional.of(vae.config().tiling()));
    long more =
        stages.decode(new Size(2048, 2048)).tensors()
            - stages.decode(new Size(1024, 2048)).tensors();
    assertThat(more).isGreaterThanOrEqualTo(3L * 1024 * 2048 * (3 * Float.BYTES + 1));
  }

  @Test
  void tilesAsDiffusers() {
    Autoencoder tiled = vae.withTiling(Tilings.withSide(vae.config().tiling(), 128));
    NDArray latents = GOLDENS.tensor(scope, "tiled.latents");
    NDArray decoded = tiled.decode(scope, latents);
    assertThat(GOLDENS.difference(decoded, "tiled.decoded")).isLessThan(1e-5);
    NDArray encoded = tiled.encode(scope, GOLDENS.tensor(scope, "tiled.picture"), shape -> latents);
    assertThat(GOLDENS.difference(encoded, "tiled.encoded")).isLessThan(1e-5);
    assertThat(GOLDENS.difference(vae.decode(scope, latents), "tiled.decoded"))
        .as("tiles leave their mark")
        .isGreaterThan(1e-4);
    assertThat(tiled.decodeRgb8(latents).get(0).samples())
        .isEqualTo(VaeGoldens.rgb8(KERNELS, decoded).get(0).samples());
  }
}

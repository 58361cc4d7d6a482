package farm.darkroom.sdxl.vae;

import static org.assertj.core.api.Assertions.assertThat;

import ai.djl.Device;
import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.NDManager;
import farm.darkroom.sdxl.snapshot.Component;
import farm.darkroom.sdxl.snapshot.WeightCheck;
import farm.darkroom.sdxl.torch.Dtype;
import farm.darkroom.sdxl.torch.Kernels;
import farm.darkroom.sdxl.weights.WeightLoader;
import farm.darkroom.sdxl.weights.WeightResidency;
import farm.darkroom.sdxl.weights.Weights;
import java.io.ByteArrayOutputStream;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.ValueSource;

class AutoencoderKLTest {
  private static final Kernels KERNELS = Kernels.load(Device.cpu());
  private static final Component DEMO = Component.open("vae", Path.of("demo-model/base/vae"));
  private static final VaeGoldens GOLDENS = VaeGoldens.open("kl.safetensors");

  @AfterAll
  static void close() {
    KERNELS.close();
  }

  private static Weights weights(WeightResidency residency, Dtype dtype) {
    return residency.weights(new WeightLoader(DEMO.checkpoint(), KERNELS, dtype));
  }

  private static AutoencoderKL demo(Weights weights) {
    return (AutoencoderKL) Autoencoder.of(DEMO, KERNELS, weights);
  }

  @Test
  void theDemoModelHasExactlyTheWeightsThatAreExpected() {
    WeightCheck.check(DEMO.checkpoint(), Autoencoder.groups(DEMO));
  }

  @ParameterizedTest
  @ValueSource(strings = {"square", "wide"})
  void decodesAsDiffusers(String name) {
    try (Weights weights = weights(WeightResidency.RESIDENT, Dtype.FLOAT32);
        NDManager scope = KERNELS.manager().newSubManager()) {
      NDArray decoded = demo(weights).decode(scope, GOLDENS.tensor(scope, name + ".latents"));
      assertThat(GOLDENS.difference(decoded, name + ".decoded")).isLessThan(1e-5);
      assertThat(worst(VaeGoldens.rgb8(KERNELS, decoded), GOLDENS.bytes(name + ".rgb8")))
          .isLessThanOrEqualTo(1);
    }
  }

  @ParameterizedTest
  @ValueSource(strings = {"square", "wide"})
  void roundsPixelsExactlyAsDiffusers(String name) {
    try (NDManager scope = KERNELS.manager().newSubManager()) {
      NDArray decoded = GOLDENS.tensor(scope, name + ".decoded");
      assertThat(worst(VaeGoldens.rgb8(KERNELS, decoded), GOLDENS.bytes(name + ".rgb8"))).isZero();
    }
  }

  @ParameterizedTest
  @ValueSource(strings = {"even", "tall"})
  void encodesAsDiffusers(String name) {
    try (Weights weights = weights(WeightResidency.RESIDENT, Dtype.FLOAT32);
        NDManager scope = KERNELS.manager().newSubManager()) {
      AutoencoderKL vae = demo(weights);
      NDArray picture = GOLDENS.tensor(scope, name + ".picture");
      DiagonalGaussianDistribution posterior = vae.posterior(scope, picture);
      assertThat(GOLDENS.difference(posterior.moments(), name + ".moments")).isLessThan(1e-5);
      NDArray noise = GOLDENS.tensor(scope, name + ".noise");
      assertThat(GOLDENS.difference(vae.encode(scope, picture, s -> noise), name + ".sample"))
          .isLessThan(1e-5);
    }
  }

  @ParameterizedTest
  @EnumSource(WeightResidency.class)
  void residencyChangesNoBit(WeightResidency residency) {
    try (NDManager scope = KERNELS.manager().newSubManager();
        Weights resident = weights(WeightResidency.RESIDENT, Dtype.FLOAT32);
        Weights weights = weights(residency, Dtype.FLOAT32)) {
      NDArray latents = GOLDENS.tensor(scope, "square.latents");
      assertThat(demo(weights).decode(scope, latents).toFloatArray())
          .isEqualTo(demo(resident).decode(scope, latents).toFloatArray());
    }
  }

  @ParameterizedTest
  @ValueSource(ints = {32, 64})
  void tilesAsDiffusers(int side) {
    VaeGoldens goldens = VaeGoldens.open("tiled.safetensors");
    try (Weights weights = weights(WeightResidency.RESIDENT, Dtype.FLOAT32);
        NDManager scope = KERNELS.manager().newSubManager()) {
      AutoencoderKL whole = demo(weights);
      AutoencoderKL tiled = whole.withTiling(Tilings.withSide(whole.config().tiling(), side));
      NDArray latents = goldens.tensor(scope, side + ".latents");
      NDArray decoded = tiled.decode(scope, latents);
      assertThat(goldens.difference(decoded, side + ".decoded")).isLessThan(1e-5);
      NDArray picture = goldens.tensor(scope, side + ".picture");
      NDArray moments = tiled.posterior(scope, picture).moments();
      assertThat(goldens.difference(moments, side + ".moments")).isLessThan(1e-5);

      assertThat(samples(tiled.decodeRgb8(latents)))
          .isEqualTo(samples(VaeGoldens.rgb8(KERNELS, decoded)));
      assertThat(goldens.difference(whole.decode(scope, latents), side + ".decoded"))
          .as("tiles leave their mark")
          .isGreaterThan(1e-3);
    }
  }

  @Test
  void rastersAreTheDecodedPicturesAsBytes() {
    try (Weights weights = weights(WeightResidency.RESIDENT, Dtype.FLOAT32);
        NDManager scope = KERNELS.manager().newSubManager()) {
      AutoencoderKL vae = demo(weights);
      NDArray latents = GOLDENS.tensor(scope, "wide.latents");
      assertThat(samples(vae.decodeRgb8(latents)))
          .isEqualTo(samples(VaeGoldens.rgb8(KERNELS, vae.decode(scope, latents))));
    }
  }

  @Test
  void bfloat16StaysNearFloat32() {
    try (Weights weights = weights(WeightResidency.RESIDENT, Dtype.BFLOAT16);
        NDManager scope = KERNELS.manager().newSubManager()) {
      NDArray decoded = demo(weights).decode(scope, GOLDENS.tensor(scope, "square.latents"));
      assertThat(GOLDENS.difference(decoded, "square.decoded")).isBetween(1e-4, 0.05);
    }
  }

  private static byte[] samples(List<Raster> rasters) {
    ByteArrayOutputStream all = new ByteArrayOutputStream();
    rasters.forEach(raster -> all.writeBytes(raster.samples()));
    return all.toByteArray();
  }

  private static int worst(List<Raster> found, byte[] expected) {
    int worst = 0;
    int at = 0;
    for (Raster raster : found) {
      for (byte sample : raster.samples()) {
        worst = Math.max(worst, Math.abs((sample & 0xFF) - (expected[at++] & 0xFF)));
      }
    }
    assertThat(at).isEqualTo(expected.length);
    return worst;
  }
}

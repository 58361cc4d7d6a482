package farm.darkroom.sdxl.schedulers;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import ai.djl.Device;
import ai.djl.ndarray.NDArray;
import com.fasterxml.jackson.databind.JsonNode;
import farm.darkroom.sdxl.torch.Kernels;
import org.junit.jupiter.api.Test;

class TrainingNoiseTest {

  @Test
  void tablesEqualDiffusersToTheLastBit() {
    for (JsonNode table : Goldens.json("schedulers/tables.json")) {
      TrainingNoise noise =
          TrainingNoise.finite(
              SchedulerConfig.of("EulerDiscreteScheduler", Goldens.map(table.get("config"))),
              TrainingNoiseTest::nearestRoots);
      // PyTorch takes the square roots of the rescaling from MKL, whose last bit varies.
      double off = table.get("config").has("rescale_betas_zero_snr") ? 1e-6 : 0;
      double[] alphas = Goldens.doubles(table.get("alphas_cumprod"));
      double[] sigmas = Goldens.doubles(table.get("sigmas"));
      double[] logs = Goldens.doubles(table.get("log_sigmas"));
      for (int i = 0; i < alphas.length; i++) {
        int timestep = table.get("at").get(i).asInt();
        assertThat(noise.alphaCumprod(timestep)).isCloseTo(alphas[i], within(off));
        assertThat(noise.sigma(timestep)).isCloseTo(sigmas[i], within(off * 100 * sigmas[i]));
        assertThat(noise.logSigma(timestep)).isCloseTo(logs[i], within(off * 100));
      }
    }
  }

  /** Which is not the nearest float32 on every CPU, but diffusers has no other. */
  @Test
  void samplersTakeSquareRootsAsPyTorchDoes() {
    SchedulerConfig config = SchedulerConfig.of("EulerDiscreteScheduler", Goldens.sdxl());
    try (Kernels kernels = Kernels.load(Device.cpu())) {
      LatentMath math = new LatentMath(kernels, kernels.manager());
      EulerDiscreteScheduler scheduler = new EulerDiscreteScheduler(config, math);
      TrainingNoise noise = scheduler.training();
      float[] ratios = new float[noise.length()];
      for (int i = 0; i < ratios.length; i++) {
        float alpha = (float) noise.alphaCumprod(i);
        ratios[i] = (1 - alpha) / alpha;
      }
      try (NDArray tensor = kernels.manager().create(ratios);
          NDArray roots = tensor.sqrt()) {
        for (int i = 0; i < ratios.length; i++) {
          assertThat(noise.sigma(i)).isEqualTo(roots.getFloat(i));
        }
      }
    }
  }

  @Test
  void aSigmaOfTheTableIsAtItsTimestep() {
    TrainingNoise noise =
        TrainingNoise.finite(
            SchedulerConfig.of("EulerDiscreteScheduler", Goldens.sdxl()),
            TrainingNoiseTest::nearestRoots);
    for (int timestep = 0; timestep < noise.length(); timestep++) {
      assertThat(noise.timestepOf(noise.sigma(timestep))).isCloseTo(timestep, within(1e-4));
      assertThat(noise.sigmaAt(timestep)).isEqualTo(noise.sigma(timestep));
    }
  }

  @Test
  void quantilesEqualScipy() {
    for (JsonNode quantile : Goldens.json("schedulers/quantiles.json")) {
      double x = quantile.get("x").asDouble();
      assertThat(SymmetricBeta.quantile(quantile.get("p").asDouble(), 0.6))
          .isCloseTo(x, within(1e-13 * Math.max(x, 1e-3)));
    }
  }

  /** The same on every machine. */
  private static float[] nearestRoots(float[] values) {
    float[] roots = new float[values.length];
    for (int i = 0; i < roots.length; i++) {
      roots[i] = Float32.sqrt(values[i]);
    }
    return roots;
  }
}

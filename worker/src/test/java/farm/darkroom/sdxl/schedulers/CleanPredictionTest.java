package farm.darkroom.sdxl.schedulers;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import ai.djl.Device;
import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.NDManager;
import ai.djl.ndarray.types.Shape;
import farm.darkroom.sdxl.torch.Kernels;
import java.util.Map;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** What a sampler says that a model means. */
class CleanPredictionTest {
  private static final Kernels KERNELS = Kernels.load(Device.cpu());
  private static final float[] ORIGINAL = {0.5f, -0.25f, 0.75f, 0};
  private static final float[] NOISE = {1.5f, 0.5f, -2, 0.25f};
  private static final Shape SHAPE = new Shape(1, 4, 1, 1);
  private static final int STEPS = 6;

  @AfterAll
  static void close() {
    KERNELS.close();
  }

  private static Stream<String> samplers() {
    return Schedulers.names().stream().filter(name -> !name.startsWith("EDM"));
  }

  /** A model that tells the noise without fault tells the picture, at every step. */
  @ParameterizedTest
  @MethodSource("samplers")
  void trueNoisePredictsTheTruePicture(String name) {
    try (NDManager manager = KERNELS.manager().newSubManager();
        Scheduler scheduler = scheduler(manager, name)) {
      scheduler.setTimesteps(STEPS);
      NDArray original = manager.create(ORIGINAL, SHAPE);
      NDArray noise = manager.create(NOISE, SHAPE);
      for (int index = 0; index < scheduler.timesteps().length; index++) {
        NDArray sample = scheduler.addNoise(original, noise, index);
        float[] clean = scheduler.clean(noise, index, sample).toFloatArray();
        for (int i = 0; i < ORIGINAL.length; i++) {
          assertThat(clean[i]).as("%s at %d", name, index).isCloseTo(ORIGINAL[i], within(1e-4f));
        }
      }
    }
  }

  /** At sigma 80 and sigma_data 0.5 the sample tells next to nothing, the output half of itself. */
  @Test
  void edmOutputIsPreconditionedAsInThePaper() {
    try (NDManager manager = KERNELS.manager().newSubManager();
        Scheduler scheduler = scheduler(manager, "EDMEulerScheduler")) {
      scheduler.setTimesteps(STEPS);
      NDArray sample = manager.create(ORIGINAL, SHAPE);
      NDArray output = manager.create(NOISE, SHAPE);
      double variance = 80 * 80 + 0.25;
      float[] clean = scheduler.clean(output, 0, sample).toFloatArray();
      for (int i = 0; i < clean.length; i++) {
        double expected = 0.25 / variance * ORIGINAL[i] + 40 / Math.sqrt(variance) * NOISE[i];
        assertThat((double) clean[i]).isCloseTo(expected, within(1e-5));
      }
    }
  }

  private static Scheduler scheduler(NDManager manager, String name) {
    return Schedulers.create(SchedulerConfig.of(name, Map.of()), new LatentMath(KERNELS, manager));
  }
}

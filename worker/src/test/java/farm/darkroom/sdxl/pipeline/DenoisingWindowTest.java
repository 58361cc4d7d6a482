package farm.darkroom.sdxl.pipeline;

import static org.assertj.core.api.Assertions.assertThat;

import ai.djl.Device;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import farm.darkroom.sdxl.schedulers.LatentMath;
import farm.darkroom.sdxl.schedulers.Scheduler;
import farm.darkroom.sdxl.schedulers.SchedulerConfig;
import farm.darkroom.sdxl.schedulers.Schedulers;
import farm.darkroom.sdxl.torch.Kernels;
import java.io.IOException;
import java.nio.file.Path;
import java.util.Map;
import java.util.OptionalDouble;
import java.util.stream.Stream;
import java.util.stream.StreamSupport;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.DynamicTest;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestFactory;

class DenoisingWindowTest {
  private static final Kernels KERNELS = Kernels.load(Device.cpu());
  private static final Path WINDOWS = Path.of("src/test/resources/goldens/schedulers/windows.json");
  private static final int TRAIN = 1000;
  private static final Map<String, Object> SNAPSHOT =
      Map.of(
          "beta_start",
          0.00085,
          "beta_end",
          0.012,
          "beta_schedule",
          "scaled_linear",
          "timestep_spacing",
          "leading",
          "steps_offset",
          1,
          "skip_prk_steps",
          true);

  @AfterAll
  static void close() {
    KERNELS.close();
  }

  /** scripts/goldens/scheduler_windows.py, from the pipelines' own code. */
  @TestFactory
  Stream<DynamicTest> runsWhatDiffusersRuns() throws IOException {
    JsonNode goldens = new ObjectMapper().readTree(WINDOWS.toFile());
    return StreamSupport.stream(goldens.spliterator(), false)
        .map(golden -> DynamicTest.dynamicTest(golden.toString(), () -> check(golden)));
  }

  private static void check(JsonNode golden) {
    int steps = golden.get("steps").asInt();
    DenoisingWindow window = window(golden, scheduler(golden.get("class").asText(), steps), steps);
    assertThat(window.begin()).isEqualTo(golden.get("from").asInt());
    assertThat(window.length()).isEqualTo(golden.get("length").asInt());
  }

  private static DenoisingWindow window(JsonNode golden, Scheduler scheduler, int steps) {
    double[] timesteps = scheduler.timesteps();
    if (golden.has("strength")) {
      double strength = golden.get("strength").asDouble();
      return DenoisingWindow.strength(timesteps, steps, strength, scheduler.order());
    }
    if (golden.has("denoising_start")) {
      double start = golden.get("denoising_start").asDouble();
      return DenoisingWindow.from(timesteps, start, scheduler.order(), TRAIN);
    }
    OptionalDouble end = OptionalDouble.of(golden.get("denoising_end").asDouble());
    return DenoisingWindow.all(timesteps).until(timesteps, end, TRAIN);
  }

  private static Scheduler scheduler(String name, int steps) {
    LatentMath math = new LatentMath(KERNELS, KERNELS.manager());
    Scheduler scheduler =
        Schedulers.create(SchedulerConfig.of(SNAPSHOT, Map.of("name", name)), math);
    scheduler.setTimesteps(steps);
    return scheduler;
  }

  @Test
  void baseAndRefinerShareTheStepsBetweenThem() {
    double[] timesteps = scheduler("EulerDiscreteScheduler", 30).timesteps();
    DenoisingWindow base =
        DenoisingWindow.all(timesteps).until(timesteps, OptionalDouble.of(0.8), TRAIN);
    DenoisingWindow refiner = DenoisingWindow.from(timesteps, 0.8, 1, TRAIN);
    assertThat(refiner.begin()).isEqualTo(base.end());
    assertThat(base.length() + refiner.length()).isEqualTo(30);
  }
}

package farm.darkroom.sdxl.schedulers;

import static org.assertj.core.api.Assertions.assertThat;

import ai.djl.Device;
import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.NDManager;
import ai.djl.ndarray.types.Shape;
import com.fasterxml.jackson.databind.JsonNode;
import farm.darkroom.sdxl.torch.Kernels;
import farm.darkroom.sdxl.weights.SafetensorsFile;
import java.util.Arrays;
import java.util.stream.Stream;
import java.util.stream.StreamSupport;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.DynamicTest;
import org.junit.jupiter.api.TestFactory;

/** Every sampler and option against diffusers, step by step (scripts/goldens/schedulers.py). */
class TrajectoryTest {
  private static final long[] SHAPE = {2, 4, 3, 3};
  private static final long SEED = 11;

  private static Kernels kernels;
  private static SafetensorsFile trajectories;

  @BeforeAll
  static void open() {
    kernels = Kernels.load(Device.cpu());
    trajectories = SafetensorsFile.open(Goldens.file("schedulers/trajectories.safetensors"));
  }

  @AfterAll
  static void close() {
    kernels.close();
  }

  @TestFactory
  Stream<DynamicTest> followsDiffusers() {
    return StreamSupport.stream(Goldens.json("schedulers/cases.json").spliterator(), false)
        .map(golden -> DynamicTest.dynamicTest(golden.get("id").asText(), () -> check(golden)));
  }

  private static void check(JsonNode golden) {
    SchedulerConfig config =
        SchedulerConfig.of(golden.get("class").asText(), Goldens.map(golden.get("config")));
    try (NDManager manager = kernels.manager().newSubManager();
        Scheduler scheduler = Schedulers.create(config, new LatentMath(kernels, manager))) {
      set(scheduler, golden.get("set"));
      close("timesteps", scheduler.timesteps(), Goldens.doubles(golden.get("timesteps")));
      close("sigmas", scheduler.sigmas(), Goldens.doubles(golden.get("sigmas")));
      assertThat(scheduler.order()).isEqualTo(golden.get("order").asInt());
      double init = golden.get("init_noise_sigma").asDouble();
      close("init_noise_sigma", new double[] {scheduler.initNoiseSigma()}, new double[] {init});
      float[] expected = Goldens.floats(trajectories, golden.get("id").asText());
      Expected trajectory = new Expected(expected, golden.get("tolerance").asDouble());
      walk(scheduler, manager, golden.path("begin").asInt(0), trajectory);
    }
  }

  /** Latents before the first and after each step, one after another. */
  @SuppressWarnings("ArrayRecordComponent") // numbers are handed over, never compared
  private record Expected(float[] latents, double tolerance) {}

  private static void set(Scheduler scheduler, JsonNode set) {
    if (set.has("timesteps")) {
      scheduler.setTimesteps(Goldens.doubles(set.get("timesteps")));
    } else if (set.has("sigmas")) {
      scheduler.setSigmas(Goldens.doubles(set.get("sigmas")));
    } else {
      scheduler.setTimesteps(set.get("num_inference_steps").asInt());
    }
  }

  private static void walk(Scheduler scheduler, NDManager manager, int begin, Expected expected) {
    Noise noise = Noise.ofSeeds(SEED, SEED + 1);
    NDArray pattern = tensor(manager, "pattern");
    NDArray latents = start(scheduler, manager, begin, noise);
    double[] timesteps = scheduler.timesteps();
    for (int i = begin; i < timesteps.length; i++) {
      close("before step " + i, latents, expected, i - begin);
      NDArray input = scheduler.scaleModelInput(latents, i);
      NDArray output = model(input, timesteps[i], pattern);
      NDArray next = scheduler.step(output, i, latents, noise);
      // What was passed in may go as soon as the call returns.
      Stream.of(input, output, latents).forEach(NDArray::close);
      latents = next;
    }
    close("at the end", latents, expected, timesteps.length - begin);
    scheduler.close();
    Stream.of(latents, pattern).forEach(NDArray::close);
    assertThat(manager.getManagedArrays()).isEmpty();
  }

  private static NDArray start(Scheduler scheduler, NDManager manager, int begin, Noise noise) {
    NDArray fresh = manager.create(noise.draw(SHAPE), new Shape(SHAPE));
    if (begin == 0) {
      try (fresh) {
        return fresh.mul((float) scheduler.initNoiseSigma());
      }
    }
    NDArray original = tensor(manager, "original");
    try (fresh;
        original) {
      return scheduler.addNoise(original, fresh, begin);
    }
  }

  private static NDArray tensor(NDManager manager, String name) {
    return manager.create(Goldens.floats(trajectories, name), new Shape(SHAPE));
  }

  /** The stand-in for a UNet: 0.5 sin(x) + 0.3 cos(t / 100) * pattern. */
  private static NDArray model(NDArray input, double timestep, NDArray pattern) {
    float weight = (float) (0.3 * Math.cos(timestep * 0.01));
    try (NDArray sine = input.sin();
        NDArray half = sine.mul(0.5f);
        NDArray wave = pattern.mul(weight)) {
      return half.add(wave);
    }
  }

  private static void close(String what, NDArray found, Expected expected, int step) {
    float[] values = found.toFloatArray();
    int from = step * values.length;
    float[] golden = Arrays.copyOfRange(expected.latents, from, from + values.length);
    double largest = 0;
    double difference = 0;
    for (int i = 0; i < values.length; i++) {
      largest = Math.max(largest, Math.abs(golden[i]));
      difference = Math.max(difference, Math.abs(values[i] - golden[i]));
    }
    assertThat(difference / largest).as(what).isLessThan(expected.tolerance);
  }

  private static void close(String what, double[] found, double[] golden) {
    assertThat(found).as(what).hasSameSizeAs(golden);
    for (int i = 0; i < found.length; i++) {
      double scale = Math.max(Math.abs(golden[i]), 1e-3);
      double difference = Math.abs(found[i] - golden[i]);
      // A timestep of several hundred is known to float32 to 3e-5.
      if (!what.equals("timesteps") || difference > 3e-5) {
        assertThat(difference / scale).as(what + " " + i).isLessThan(1e-6);
      }
    }
  }
}

package farm.darkroom.sdxl.bench;

import ai.djl.Device;
import ai.djl.engine.Engine;
import ai.djl.ndarray.NDArray;
import ai.djl.pytorch.jni.JniUtils;
import com.fasterxml.jackson.databind.JsonNode;
import farm.darkroom.sdxl.snapshot.Component;
import farm.darkroom.sdxl.torch.Kernels;
import farm.darkroom.sdxl.weights.WeightGroup;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Locale;
import java.util.function.Supplier;

/** What benchmarks of full-size components share: made weights, measured calls, lines of output. */
final class Bench {
  private static final String WEIGHTS = "diffusion_pytorch_model.fp16.safetensors";

  private Bench() {}

  /** The kernels on so many threads of the CPU; what is drawn is the same in every run. */
  static Kernels kernels(int threads) {
    Kernels kernels = Kernels.load(Device.cpu());
    JniUtils.setNumThreads(threads);
    Engine.getEngine("PyTorch").setRandomSeed(0);
    return kernels;
  }

  /** The component in this folder, made if need be; a file cut off by a death is made again. */
  static Component component(String name, Path folder, JsonNode config, List<WeightGroup> groups)
      throws IOException {
    Path weights = folder.resolve(WEIGHTS);
    if (!Files.exists(weights)) {
      Files.createDirectories(folder);
      Files.writeString(folder.resolve("config.json"), config.toString());
      long start = System.nanoTime();
      Path part = folder.resolve("part");
      RandomWeights.write(part, groups);
      Files.move(part, weights);
      say("made %s in %.0f s: %.2f GB", weights, seconds(start), Files.size(weights) / 1e9);
    }
    return Component.open(name, folder);
  }

  /** Says how long the call took, the most memory, and a value by which runs can be compared. */
  static void measure(String what, PeakMemory memory, Supplier<NDArray> call) {
    long start = System.nanoTime();
    try (NDArray out = call.get()) {
      float first = out.toFloatArray()[0];
      say(
          "%s: %.3f s, peak %.2f GB, first value %g",
          what, seconds(start), memory.take() / 1e9, first);
    }
  }

  private static double seconds(long start) {
    return (System.nanoTime() - start) / 1e9;
  }

  private static void say(String format, Object... values) {
    System.out.printf(Locale.ROOT, format + "%n", values);
  }
}
